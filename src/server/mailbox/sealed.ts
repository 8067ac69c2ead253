import { setTimeout } from "node:timers/promises";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import {
  type MailboxAnswer,
  type Question,
  repliesIn,
  roomIn,
  SEALED_QUESTION_BYTES,
  SealError,
} from "../../seal/index.js";
import { type Mailboxes, nullIfNotFound } from "../../store/index.js";
import { RateLimit } from "../admission/index.js";
import type { Context } from "../context.js";
import { anyOrigin, asData } from "../http/index.js";
import { firstBytes } from "./byte-range.js";

/** All visitors of a relay may be one visitor. Each question costs half a millisecond of a core. */
const RATE = { perVisitor: 40, all: 200 };
const TYPE = "application/octet-stream";
const ANY_ORIGIN = { methods: "POST", asked: ["content-type"], answered: [] };
/** An answer leaves so long after its question, or a multiple of that: the time tells little of what was looked up. */
const BEAT_MS = 50;

/**
 * `POST /mailbox`: a question sealed to the portal, so that whoever passes it on sees neither the mailbox nor whether
 * there is an answer. All questions have one length, and all answers one of the two that they ask for. A draft is out
 * of reach here.
 */
export function publishSealedMailboxes(app: Express, { config, store: { mailboxes }, gate }: Context): void {
  const open = config.ways?.mailboxKey?.open ?? null;
  if (open === null) return;
  const rate = new RateLimit(RATE);
  const limit = (request: Request, response: Response, next: NextFunction) => {
    rate.mayPass(gate.visitor(request)).then((passes) => {
      if (passes) next();
      else response.status(429).setHeader("Retry-After", "2").type("text").send("busy\n");
    }, next);
  };
  const body = express.raw({ type: TYPE, limit: SEALED_QUESTION_BYTES });
  const anyone = anyOrigin(ANY_ORIGIN);
  app.options("/mailbox", asData, anyone, (_request, response: Response) => void response.status(204).end());
  app.post("/mailbox", asData, anyone, limit, body, async (request: Request, response: Response) => {
    const since = performance.now();
    try {
      const { question, seal } = await open(new Uint8Array(Buffer.isBuffer(request.body) ? request.body : []));
      const sealed = await seal(await answerTo(mailboxes, question));
      await setTimeout(BEAT_MS - ((performance.now() - since) % BEAT_MS));
      response.type(TYPE).send(Buffer.from(sealed.buffer));
    } catch (cause) {
      if (!(cause instanceof SealError)) throw cause;
      response.status(400).type("text").send("bad_request\n");
    }
  });
}

async function answerTo(mailboxes: Mailboxes, question: Question): Promise<MailboxAnswer> {
  const { size, mailbox, kind } = question;
  if (kind === "cover") return { kind: "nothing" };
  if (kind === "read") {
    const stream = await mailboxes.getReply(mailbox, question.reply, question.from).catch(nullIfNotFound);
    if (stream === null) return { kind: "nothing" };
    return { kind: "bytes", bytes: new Uint8Array(await firstBytes(stream, roomIn(size))) };
  }
  const all = await mailboxes.listReplies(mailbox);
  if (kind === "list") {
    const to = question.from + repliesIn(size);
    return { kind: "replies", replies: all.slice(question.from, to), more: all.length > to };
  }
  if (all.some(({ id, day }) => id === question.reply && day === question.day)) {
    await mailboxes.removeReply(mailbox, question.reply).catch(nullIfNotFound);
  }
  return { kind: "removed" };
}
