import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Express, NextFunction, Request, Response } from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { isMailboxId } from "../../core/index.js";
import { type Mailboxes, nullIfNotFound } from "../../store/index.js";
import { isForeign } from "../http/same-origin.js";

/**
 * Requests that all together may make in a second, with some to spare: a code has 63 random bits, so that this is not what
 * keeps anybody from guessing one, but it keeps the disk from being asked without end.
 */
const RATE = { points: 200, duration: 1 };

/**
 * `GET /mailbox/{id}`: the replies in a mailbox. One that nobody has is one that is empty: the same code, answer and time.
 * `GET /mailbox/{id}/{reply}`: one ciphertext. `DELETE` removes it; whether it was there is not said.
 */
export function publishMailboxes(app: Express, mailboxes: Mailboxes): void {
  const limiter = new RateLimiterMemory(RATE);
  const gate = (request: Request, response: Response, next: NextFunction) => {
    if (isForeign(request)) return void response.status(403).type("text").send("foreign_origin\n");
    if (!isMailboxId(String(request.params.mailbox))) return next();
    limiter.consume("all").then(
      () => next(),
      () => response.status(429).setHeader("Retry-After", "2").type("text").send("busy\n"),
    );
  };
  const parts = ({ params }: Request) => [String(params.mailbox), String(params.reply)] as const;

  app.get("/mailbox/:mailbox", gate, async (request: Request, response: Response, next: NextFunction) => {
    const [mailbox] = parts(request);
    if (!isMailboxId(mailbox)) return next();
    response.json({ replies: await mailboxes.listReplies(mailbox) });
  });
  app.get("/mailbox/:mailbox/:reply", gate, async (request: Request, response: Response, next: NextFunction) => {
    const stream = await mailboxes.getReply(...parts(request)).catch(nullIfNotFound);
    if (stream === null) return next();
    response.type("application/octet-stream");
    // Cut off in the middle it is no message: the reader notices.
    Readable.fromWeb(stream as NodeReadableStream)
      .on("error", () => response.destroy())
      .pipe(response);
  });
  app.delete("/mailbox/:mailbox/:reply", gate, async (request: Request, response: Response) => {
    await mailboxes.removeReply(...parts(request)).catch(nullIfNotFound);
    response.status(204).end();
  });
}
