import type { Express, Request, Response } from "express";
import { render } from "../../http/index.js";
import { Lifetime } from "../admission/index.js";
import type { Context } from "../context.js";
import { securityHeaders, textsFor } from "../http/index.js";
import { Document } from "../pages/layout.js";
import { ProgressSoonPage, progressPageEnds, renderStep } from "../pages/progress-page.js";

/** A byte is sent so often, so that nobody on the way takes the connection for dead. */
const HEARTBEAT_MS = 30_000;
/** Nobody writes one letter for longer; then the bar is given up, the form works on. */
const STREAM_TIMEOUT_MS = 6 * 60 * 60 * 1000;

/**
 * `GET /progress/{token}`: a page that goes on for as long as the form beside it is open, one step after the other; and
 * `GET /progress/{token}/soon`, which leads there. For an unknown token both are an empty page: the form works without.
 */
export function publishProgress(app: Express, { portal, progress, gate }: Context): void {
  const headers = securityHeaders("framed");
  const tokenOf = (request: Request) => String(request.params.token);
  const empty = (request: Request, response: Response) => {
    const texts = textsFor(portal.languages, request);
    response
      .status(404)
      .send(render(<Document portal={portal} texts={texts} title={texts.say("progress-title")} children={null} />));
  };

  app.get("/progress/:token/soon", headers, (request: Request, response: Response) => {
    const token = tokenOf(request);
    const texts = progress.textsFor(token);
    if (texts === null) return empty(request, response);
    response.send(render(<ProgressSoonPage portal={portal} texts={texts} token={token} />));
  });

  app.get("/progress/:token", headers, (request: Request, response: Response) => {
    const token = tokenOf(request);
    const texts = progress.textsFor(token);
    const visitor = gate.visitor(request);
    if (texts === null || progress.streams.take(visitor) !== null) return empty(request, response);
    const lifetime = Lifetime.of(request);
    lifetime.hold(() => progress.streams.give(visitor));
    const { beginning, end } = progressPageEnds({ portal, texts });
    response.type("html");
    response.write(beginning);
    const stop = progress.listen(token, (step) => {
      response.write(renderStep(texts, step));
      if (step.kind === "stored") response.end(end);
    });
    const heartbeat = setInterval(() => response.write("\n"), HEARTBEAT_MS);
    const giveUp = setTimeout(() => response.end(end), STREAM_TIMEOUT_MS);
    lifetime.hold(() => {
      stop();
      clearInterval(heartbeat);
      clearTimeout(giveUp);
    });
  });
}
