import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Express, NextFunction, Request, Response } from "express";
import { isMailboxId } from "../../core/index.js";
import { nullIfNotFound } from "../../store/index.js";
import { RateLimit } from "../admission/index.js";
import type { Context } from "../context.js";
import { asData, isForeign } from "../http/index.js";
import { firstBytes, readRange } from "./byte-range.js";

/**
 * A code has 63 random bits, so that this is not what keeps anybody from guessing one, but it keeps the disk from being
 * asked without end. A browser asks once for the list and once for each reply.
 */
const RATE = { perVisitor: 20, all: 200 };

/** Replies in one answer: less than 6 KiB. */
const LISTED = 60;

/** A mailbox holds one draft at most, which has this id. No reply has it: theirs are digests. */
const DRAFT_ID = "0".repeat(32);

/**
 * `GET /mailbox/{id}?from={number}`: the replies in a mailbox, from one on. One that nobody has is one that is empty:
 * the same code, answer and time. `GET /mailbox/{id}/{reply}`: one ciphertext, or a range of it. `DELETE` removes it;
 * whether it was there is not said. A draft is listed and read like a reply.
 */
export function publishMailboxes(app: Express, { store: { mailboxes, drafts }, gate }: Context): void {
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
    const draft = await drafts.find(mailbox);
    const all = [...(await mailboxes.listReplies(mailbox)), ...(draft === null ? [] : [{ id: DRAFT_ID, ...draft }])];
    const from = Math.max(0, Math.trunc(Number(request.query.from) || 0));
    const more = all.length > from + LISTED ? { more: true } : {};
    response.json({ replies: all.slice(from, from + LISTED), ...more });
  });
  app.get(
    "/mailbox/:mailbox/:reply",
    limit,
    asData,
    async (request: Request, response: Response, next: NextFunction) => {
      const range = readRange(request.headers.range);
      const [mailbox, id] = parts(request);
      const found = id === DRAFT_ID ? drafts.get(mailbox, range?.from) : mailboxes.getReply(mailbox, id, range?.from);
      const stream = await found.catch(nullIfNotFound);
      if (stream === null) return next();
      response.type("application/octet-stream");
      if (range !== null) return void sendRange(response, range.from, await firstBytes(stream, range.bytes));
      // Cut off in the middle it is no message: the reader notices.
      Readable.fromWeb(stream as NodeReadableStream)
        .on("error", () => response.destroy())
        .pipe(response);
    },
  );
  app.delete("/mailbox/:mailbox/:reply", limit, async (request: Request, response: Response) => {
    const [mailbox, id] = parts(request);
    const gone = id === DRAFT_ID ? drafts.remove(mailbox) : mailboxes.removeReply(mailbox, id);
    await gone.catch(nullIfNotFound);
    response.status(204).end();
  });
}

/** The server does not look up how long the whole is: the list has said so. */
function sendRange(response: Response, from: number, bytes: Uint8Array): void {
  if (bytes.length === 0) return void response.status(416).setHeader("Content-Range", "bytes */*").end();
  const to = from + bytes.length - 1;
  response.status(206).setHeader("Content-Range", `bytes ${from}-${to}/*`).send(Buffer.from(bytes));
}
