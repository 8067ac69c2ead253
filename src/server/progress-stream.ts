import type { Request, Response } from "express";
import { progressPageEnds, renderStep } from "./pages/progress-page.js";
import type { ProgressBoard } from "./progress.js";

/** Octets sent now and then so that nobody on the way takes the connection for dead. */
const HEARTBEAT = 30_000;
/** Nobody writes one letter for longer; then the bar is given up, the form works on. */
const LONGEST_WAIT = 6 * 60 * 60 * 1000;
const MOST_OPEN = 2_000;

/** Answers with a page that goes on for as long as the form beside it is open, one step after the other. */
export function streamProgress(board: ProgressBoard): (request: Request, response: Response, next: () => void) => void {
  let open = 0;
  return (request, response, next) => {
    const token = String(request.params.token);
    const texts = board.textsFor(token);
    if (texts === null || open >= MOST_OPEN) return next();
    open += 1;
    const { beginning, end } = progressPageEnds(texts);
    response.type("html");
    // nginx would otherwise hold the page back until it is whole.
    response.setHeader("X-Accel-Buffering", "no");
    response.write(beginning);
    const stop = board.listen(token, (step) => {
      response.write(renderStep(texts, step));
      if (step.kind === "stored") response.end(end);
    });
    const heartbeat = setInterval(() => response.write("\n"), HEARTBEAT);
    const giveUp = setTimeout(() => response.end(end), LONGEST_WAIT);
    response.once("close", () => {
      open -= 1;
      stop();
      clearInterval(heartbeat);
      clearTimeout(giveUp);
    });
  };
}
