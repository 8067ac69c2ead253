import type { Express, Request, Response } from "express";
import { paddedArchiveSize } from "../../core/index.js";
import { render } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import { Lifetime, preflight } from "../admission/index.js";
import type { ServerConfig } from "../config.js";
import type { Context } from "../context.js";
import { securityHeaders, statusOf } from "../http/index.js";
import { ReceiptPage } from "../pages/receipt-page.js";
import { RefusalPage } from "../pages/refusal-page.js";
import { contentsOf, keep, type Letter, type RefusedLetter, validate } from "./letter.js";
import { ReceiptMaker } from "./receipt.js";
import { readBody } from "./request-body.js";
import type { KeptLetter } from "./sent-letters.js";
import { Spool } from "./spool.js";

/** A body without a length, which no browser sends, is cut off at this many times the limit. */
const MAX_UNANNOUNCED_FACTOR = 4;
/** A body with a length is read up to here, however small the limit, so that its browser shows the refusal. */
const MAX_REFUSED_BYTES = 16 * 1024 ** 3;
/** Text fields and everything around them. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
const TOKEN = /^[0-9a-f]{32}$/;

/** Waiting in the queue, deriving, encrypting and storing take no longer for the largest letter. */
const STORING_TIMEOUT_MS = 15 * 60 * 1000;

/** `POST /{lang}/submit`: a letter from a browser without JavaScript. A reload of its answer leads back to the form. */
export function publishIntake(app: Express, context: Context): void {
  const headers = securityHeaders("framed");
  for (const texts of context.portal.languages) {
    const root = `/${texts.language}/`;
    app.post(`${root}submit`, headers, (request: Request, response: Response) =>
      Lifetime.of(request).during(() => takeLetter(context, texts, request, response)),
    );
    app.get(`${root}submit`, headers, (_request: Request, response: Response) => response.redirect(303, root));
  }
}

/** Reads the whole body, encrypts and stores, and answers with a receipt, or with the fault and the text as typed. */
async function takeLetter(context: Context, texts: Texts, request: Request, response: Response): Promise<void> {
  const { config, capacity, progress, gate, sentLetters } = context;
  const lifetime = Lifetime.of(request);
  const visitor = gate.visitor(request);
  const token = TOKEN.test(String(request.query.progress)) ? String(request.query.progress) : null;
  const report = progress.follow(token, request);
  // For a moment the disk holds a letter twice: spooled, and as ciphertext.
  const length = announcedLength(request, config.maxSubmission);
  const needed = length + paddedArchiveSize(length);
  const foreseen = await preflight(context, request, needed);
  const receipts = new ReceiptMaker(context.addresses, context.codes, visitor);
  const tally = capacity.tally(visitor);
  const closeTally = lifetime.hold(tally.close);
  const limits = { bytes: config.maxSubmission, files: config.maxFiles, room: tally.add, onLarge: receipts.prepare };
  const spool = new Spool(config.spoolFolder, limits, foreseen);
  try {
    const mayKeepText = gate.textRoom(request);
    const body = await readBody(request, response, spool, { maxBytes: longestRead(request, config), mayKeepText });
    if (body.fault === "gone") return report("failed");
    report("storing");
    // While a large letter is encrypted the connection is silent: only so long may that be.
    request.socket.setTimeout(STORING_TIMEOUT_MS);
    const validated = validate(body, spool, receipts, { texts, form: context.formIn(texts) });
    const outcome = "refused" in validated ? validated : await once(validated.letter);
    report("kept" in outcome ? "stored" : "failed");
    await gate.inTurn(request, () => {
      if ("kept" in outcome) response.send(renderReceipt(context, texts, outcome.kept));
      else response.status(statusOf(outcome.refused.refusal)).send(renderRefusal(context, outcome.refused, token));
    });
  } finally {
    await spool.close();
    closeTally();
  }

  /** The letter is kept once, even if its page sends it twice. */
  async function once(letter: Letter): Promise<{ kept: KeptLetter } | { refused: RefusedLetter }> {
    const keepNow = () => keep(context, visitor, letter, lifetime.signal);
    if (token === null) return keepNow();
    const contents = contentsOf(letter);
    const repeated = await sentLetters.repeated(token, contents);
    if (repeated !== null) return { kept: repeated };
    const kept = keepNow();
    sentLetters.remember(
      token,
      contents,
      kept.then((outcome) => ("kept" in outcome ? outcome.kept : null)),
    );
    return kept;
  }
}

function renderReceipt({ portal }: Context, texts: Texts, { documents, code }: KeptLetter): string {
  return render(<ReceiptPage portal={portal} texts={texts} documents={documents} code={code} />);
}

/** What happened, what to do, and the form with the text as it was typed. */
function renderRefusal({ portal }: Context, { draft, refusal, faults }: RefusedLetter, token: string | null): string {
  const { texts, form, answers, typedCode: receiptCode } = draft;
  const again = { form, answers, token, faults, receiptCode };
  return render(<RefusalPage portal={portal} texts={texts} code={refusal} again={again} />);
}

/** Bytes that the body will have, as far as it says and will be read. */
function announcedLength(request: Request, maxBytes: number): number {
  return Math.min(Number(request.headers["content-length"] ?? 0), maxBytes + MAX_TEXT_BYTES);
}

function longestRead(request: Request, { maxSubmission }: ServerConfig): number {
  const unannounced = MAX_UNANNOUNCED_FACTOR * maxSubmission + MAX_TEXT_BYTES;
  return request.headers["content-length"] === undefined ? unannounced : Math.max(unannounced, MAX_REFUSED_BYTES);
}
