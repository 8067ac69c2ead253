import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Express, NextFunction, Request, Response } from "express";
import { isMailboxId } from "../../core/index.js";
import { nullIfNotFound } from "../../store/index.js";
import { RateLimit } from "../admission/index.js";
import type { Context } from "../context.js";
import { isForeign } from "../http/index.js";

/**
 * A code has 63 random bits, so that this is not what keeps anybody from guessing one, but it keeps the disk from being
 * asked without end. A browser asks once for the list and once for each reply.
 */
const RATE = { perVisitor: 20, all: 200 };

/**
 * `GET /mailbox/{id}`: the replies in a mailbox. One that nobody has is one that is empty: the same code, answer and
 * time. `GET /mailbox/{id}/{reply}`: one ciphertext. `DELETE` removes it; whether it was there is not said.
 */
export function publishMailboxes(app: Express, { store: { mailboxes }, gate }: Context): void {
  const rate = new RateLimit(RATE);
  const limit = (request: Request, response: Response, next: NextFunction) => {
    if (isForeign(request)) return void response.status(403).type("text").send("foreign_origin\n");
    if (!isMailboxId(String(request.params.mailbox))) return next();
    rate.mayPass(gate.visitor(request)).then((passes) => {
      if (passes) next();
      else response.status(429).setHeader("Retry-After", "2").type("text").send("busy\n");
    }, next);
  };
  const parts = ({ params }: Request) => [String(params.mailbox), String(params.reply)] as const;

  app.get("/mailbox/:mailbox", limit, async (request: Request, response: Response, next: NextFunction) => {
    const [mailbox] = parts(request);
    if (!isMailboxId(mailbox)) return next();
    response.json({ replies: await mailboxes.listReplies(mailbox) });
  });
  app.get("/mailbox/:mailbox/:reply", limit, async (request: Request, response: Response, next: NextFunction) => {
    const stream = await mailboxes.getReply(...parts(request)).catch(nullIfNotFound);
    if (stream === null) return next();
    response.type("application/octet-stream");
    // Cut off in the middle it is no message: the reader notices.
    Readable.fromWeb(stream as NodeReadableStream)
      .on("error", () => response.destroy())
      .pipe(response);
  });
  app.delete("/mailbox/:mailbox/:reply", limit, async (request: Request, response: Response) => {
    await mailboxes.removeReply(...parts(request)).catch(nullIfNotFound);
    response.status(204).end();
  });
}
