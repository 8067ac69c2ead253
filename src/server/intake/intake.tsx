import type { Request, Response } from "express";
import {
  createReceiptCode,
  createSubmission,
  entryName,
  paddedArchiveSize,
  parseReceiptCode,
  ReceiptCodeError,
  type ReplyAddress,
  randomHex,
} from "../../core/index.js";
import {
  type AnswerFaultCode,
  type Answers,
  checkAnswers,
  describeChoices,
  type Form,
  writeLetter,
} from "../../form/index.js";
import { type OperatorLog, render } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import { encryptMessage } from "../../native/index.js";
import { EncryptError } from "../../openpgp/index.js";
import { type Store, StoreError } from "../../store/index.js";
import { BusyError, type Gate, type Space } from "../admission/index.js";
import type { ServerConfig } from "../config.js";
import { REFUSAL_STATUS, type RefusalCode } from "../http/refusal.js";
import type { ReplyAddresses } from "../mailbox/reply-addresses.js";
import type { Portal } from "../pages/layout.js";
import { RECEIPT_CODE_FIELD } from "../pages/receipt-code-field.js";
import { ReceiptPage } from "../pages/receipt-page.js";
import { type FaultyAnswer, RefusalPage } from "../pages/refusal-page.js";
import { type Recipients, RecipientsError } from "../recipients.js";
import type { Departure } from "../shutdown.js";
import type { ProgressBoard } from "./progress.js";
import { readBody } from "./request-body.js";
import { Spool, type SpoolFault } from "./spool.js";

export interface IntakeParts {
  readonly config: ServerConfig;
  readonly portal: Portal;
  /** The questions in a language. */
  readonly formIn: (texts: Texts) => Form;
  readonly store: Store;
  readonly recipients: Recipients;
  readonly addresses: ReplyAddresses;
  readonly board: ProgressBoard;
  readonly departure: Departure;
  readonly gate: Gate;
  readonly space: Space;
  readonly log: OperatorLog;
  readonly now: () => Date;
}

/** The receipt code that a submission goes by: a new one, or that of an earlier submission which this one adds to. */
interface Receipt {
  readonly code: string;
  readonly followUp: boolean;
  /** Where there was time to derive it while documents came. */
  address?: Promise<ReplyAddress>;
}

/** A body that does not say its length, which no browser sends, is cut off when it is this many times too large. */
const PATIENCE = 4;
/** One that does say it is read up to here, however small the limit, so that its browser gets to show the refusal. */
const LONGEST_REFUSED = 16 * 1024 ** 3;
/** Bytes of text fields and of everything around them. */
const LONGEST_TEXT = 4 * 1024 * 1024;
const TOKEN = /^[0-9a-f]{32}$/;

/**
 * Takes one submission from a browser without JavaScript: reads it all, encrypts it, stores it, and answers with a receipt
 * or with what went wrong and the text as it was typed.
 */
export function intake(parts: IntakeParts): (request: Request, response: Response, texts: Texts) => Promise<void> {
  const { config, portal, formIn, board } = parts;
  return async (request, response, texts) => {
    const form = formIn(texts);
    const token = TOKEN.test(String(request.query.progress)) ? String(request.query.progress) : null;
    const report = board.follow(token, request);
    // A whole submission is on disk twice for a moment: spooled, and as ciphertext.
    const length = announcedLength(request, config);
    const needed = length + paddedArchiveSize(length);
    const fault = await foreseeableFault(parts, request, needed);
    const tally = parts.space.tally();
    const room = (bytes: number) => tally.add(bytes);
    let fresh: Receipt | null = null;
    const onLarge = () => {
      fresh = newReceipt();
      fresh.address = parts.addresses.assign(fresh.code);
      // Whoever goes on with another code, or not at all, never waits for it.
      fresh.address.catch(() => undefined);
    };
    const limits = { bytes: config.maxSubmission, files: config.maxFiles, room, onLarge };
    const spool = new Spool(config.spoolFolder, limits, fault);
    try {
      const announced = request.headers["content-length"] !== undefined;
      const patience = PATIENCE * config.maxSubmission + LONGEST_TEXT;
      const body = await readBody(request, response, spool, announced ? Math.max(patience, LONGEST_REFUSED) : patience);
      if (body.fault === "gone") return report("failed");
      report("storing");
      // Nothing is heard on the connection while a large submission is encrypted; that is not silence to end it for.
      request.socket.setTimeout(0);
      const { [RECEIPT_CODE_FIELD]: typed = "", ...fields } = body.fields;
      const receipt = readReceipt(typed, fresh);
      const documents = spool.documents.map(({ field }) => field);
      const { answers, faults } = checkAnswers(form, fields, documents);
      const faulty = faults.flatMap(({ code, question }): FaultyAnswer[] => {
        const refusal = toRefusal(code);
        return question === null || refusal === "bad_request" ? [] : [{ code: refusal, question }];
      });
      if (receipt === null) faulty.push({ code: "receipt_code", question: RECEIPT_CODE_FIELD });
      const [fault] = faults;
      const refusal = body.fault ?? spool.fault ?? fault?.code ?? (receipt === null ? "receipt_code" : null);
      const code =
        refusal === null && receipt !== null
          ? await keep(parts, request, texts, form, answers, receipt, spool)
          : toRefusal(refusal ?? "receipt_code");
      report(code === null ? "stored" : "failed");
      if (code === null) {
        const own = receipt?.followUp === false ? receipt.code : null;
        response.send(
          render(<ReceiptPage portal={portal} texts={texts} documents={spool.documents.length} code={own} />),
        );
      } else {
        const about = body.fault === null && spool.fault === null ? faulty : [];
        const again = { form, answers, token, faults: about, receiptCode: String(typed) };
        response
          .status(REFUSAL_STATUS[code])
          .send(render(<RefusalPage portal={portal} texts={texts} code={code} again={again} />));
      }
    } catch (cause) {
      report("failed");
      throw cause;
    } finally {
      await spool.close();
      tally.close();
    }
  };
}

/** Bytes that the body will have, as far as it says and will be read. */
function announcedLength(request: Request, { maxSubmission }: ServerConfig): number {
  return Math.min(Number(request.headers["content-length"] ?? 0), maxSubmission + LONGEST_TEXT);
}

/** What is sure to stop this submission before it is even read; the text must be read all the same, to be given back. */
async function foreseeableFault(
  { departure, gate, space }: IntakeParts,
  request: Request,
  needed: number,
): Promise<SpoolFault | null> {
  if (departure.begun) return "cannot_store";
  const verdict = gate.verdict(request);
  if (verdict !== null) return verdict;
  // A store that does not answer now may do when the letter has come.
  return (await space.shortage(needed).catch(() => null)) === null ? null : "no_space";
}

function newReceipt(): Receipt {
  return { code: createReceiptCode(), followUp: false };
}

/** What was typed for an earlier receipt code, or a new one; null if it is no code. */
function readReceipt(typed: unknown, fresh: Receipt | null): Receipt | null {
  if (typeof typed !== "string") return null;
  if (typed.trim() === "") return fresh ?? newReceipt();
  try {
    return { code: parseReceiptCode(typed), followUp: true };
  } catch (cause) {
    if (cause instanceof ReceiptCodeError) return null;
    throw cause;
  }
}

/** Encrypts and stores. Returns why it could not, or null when the ciphertext is safe on the disk. */
async function keep(
  parts: IntakeParts,
  request: Request,
  texts: Texts,
  form: Form,
  answers: Answers,
  { code, followUp, address }: Receipt,
  spool: Spool,
): Promise<RefusalCode | null> {
  try {
    await parts.gate.letters.pass(parts.gate.visitor(request), () => encrypt());
    parts.log.mended("storing");
    return null;
  } catch (cause) {
    const code = refusalFor(cause);
    if (code !== "busy") parts.log.failing("storing", code, cause);
    return code;
  }

  async function encrypt(): Promise<void> {
    const { store, recipients, addresses } = parts;
    const date = parts.now();
    const entries = spool.documents.map(({ name }, index) => entryName(index + 1, name));
    const archive = createSubmission({
      caseId: randomHex(16),
      form: { id: form.id, version: form.version },
      language: texts.language,
      answers,
      choices: describeChoices(form, answers),
      letter: writeLetter(form, answers, entries, {
        language: texts.language,
        heading: texts.say("letter-heading"),
        documents: texts.say("letter-documents"),
      }),
      documents: spool.documents,
      reply: (await address?.catch(() => null)) ?? (await addresses.assign(code)),
      followUp,
      encryptedBy: "server",
    });
    await store.put(await encryptMessage(archive.stream, recipients.at(date), date, archive.size));
  }
}

function refusalFor(cause: unknown): RefusalCode {
  if (cause instanceof BusyError) return "busy";
  if (cause instanceof RecipientsError || cause instanceof EncryptError) return "key_expired";
  if (cause instanceof StoreError && cause.code === "no_space") return "no_space";
  return "cannot_store";
}

/** What no person does with the form's own fields is told as one: the request is not what the form sends. */
function toRefusal(fault: RefusalCode | AnswerFaultCode | "gone"): RefusalCode {
  switch (fault) {
    case "repeated_field":
    case "unknown_field":
    case "unknown_choice":
    case "gone":
      return "bad_request";
    default:
      return fault;
  }
}
