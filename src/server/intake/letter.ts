import { createSubmission, entryName, randomHex } from "../../core/index.js";
import {
  type AnswerFaultCode,
  type Answers,
  checkAnswers,
  describeChoices,
  type Form,
  withoutRequired,
  writeLetter,
} from "../../form/index.js";
import type { Texts } from "../../locales/index.js";
import { encryptMessage } from "../../native/index.js";
import type { Context } from "../context.js";
import type { PageRefusal } from "../http/index.js";
import { RECEIPT_CODE_FIELD } from "../pages/receipt-code-field.js";
import type { FaultyAnswer } from "../pages/refusal-page.js";
import { refusalFor } from "../refusals.js";
import type { ScannedPart } from "./multipart-scanner.js";
import type { Receipt, ReceiptMaker } from "./receipt.js";
import type { SubmittedBody } from "./request-body.js";
import type { KeptLetter } from "./sent-letters.js";
import type { Spool, SpooledDocument } from "./spool.js";

/** What a person wrote and how it was asked for, whatever becomes of it. */
export interface Draft {
  readonly texts: Texts;
  readonly form: Form;
  readonly answers: Answers;
  /** What was typed for an earlier receipt code. */
  readonly typedCode: string;
}

/** A letter that may be kept. */
export interface Letter extends Draft {
  readonly receipt: Receipt;
  readonly documents: readonly SpooledDocument[];
}

/** Why a letter is not kept, and what to give back. */
export interface RefusedLetter {
  readonly draft: Draft;
  readonly refusal: PageRefusal;
  /** The answers at fault, the first of which `refusal` is about; empty where it is about none. */
  readonly faults: readonly FaultyAnswer[];
}

/** Whether what came is a letter that may be kept. */
export function validate(
  { fields, files, fault }: SubmittedBody,
  spool: Spool,
  receipts: ReceiptMaker,
  { texts, form: whole }: Pick<Draft, "texts" | "form">,
): { readonly letter: Letter } | { readonly refused: RefusedLetter } {
  const { [RECEIPT_CODE_FIELD]: typed = "", ...answered } = fields;
  const { documents } = spool;
  const places = documents.map(({ field }) => field);
  const receipt = receipts.receiptFor(typed);
  const form = receipt?.followUp ? withoutRequired(whole) : whole;
  const checked = checkAnswers(form, answered, places);
  const draft = { texts, form, answers: checked.answers, typedCode: String(typed) };
  const broken = (fault === null ? null : pageRefusal(fault)) ?? spool.fault ?? missingDocument(files, documents);
  if (broken !== null) return { refused: { draft, refusal: broken, faults: [] } };
  const [first] = checked.faults;
  if (first === undefined && receipt !== null) return { letter: { ...draft, receipt, documents } };
  const faults = checked.faults.flatMap(({ code, question }): FaultyAnswer[] => {
    const refusal = pageRefusal(code);
    return question === null || refusal === "bad_request" ? [] : [{ code: refusal, question }];
  });
  if (receipt === null) faults.push({ code: "receipt_code", question: RECEIPT_CODE_FIELD });
  return { refused: { draft, refusal: first === undefined ? "receipt_code" : pageRefusal(first.code), faults } };
}

/** Faults that no person makes with the form's own fields are one: the request is not what the form sends. */
function pageRefusal(fault: PageRefusal | AnswerFaultCode | "gone"): PageRefusal {
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

/** What came must be what is kept: each document of the body, with all of its bytes, in its order. */
function missingDocument(
  files: readonly ScannedPart[],
  documents: readonly SpooledDocument[],
): Extract<PageRefusal, "bad_request"> | null {
  // A file field that was left empty comes as one part without a name and without contents.
  const sent = files.filter(({ fileName, bytes }) => fileName !== "" || bytes > 0);
  const kept = sent.every(({ fileName, bytes }, index) => {
    const document = documents[index];
    return document?.name === fileName && document.size === bytes;
  });
  return kept && sent.length === documents.length ? null : "bad_request";
}

/** Everything that `letter` holds, in one form: two that differ in anything differ in it. */
export function contentsOf({ texts, answers, typedCode, documents }: Letter): string {
  const sent = documents.map(({ field, name, type, size, checksum }) => [field, name, type, size, checksum]);
  return JSON.stringify([texts.language, answers, typedCode, sent]);
}

/**
 * Encrypts and stores `letter`. What it resolves to as kept is durable.
 * @param signal takes a letter that still waits out of the queue
 */
export async function keep(
  context: Context,
  visitor: string | null,
  letter: Letter,
  signal: AbortSignal,
): Promise<{ readonly kept: KeptLetter } | { readonly refused: RefusedLetter }> {
  const { gate, log } = context;
  const { receipt, documents } = letter;
  try {
    const code = await gate.letters.pass(visitor, () => store(context, letter), signal);
    log.mended("storing");
    return { kept: { code: receipt.followUp ? null : code, documents: documents.length } };
  } catch (cause) {
    const refusal = refusalFor(cause);
    if (refusal !== "busy") log.failing("storing", refusal, cause);
    return { refused: { draft: letter, refusal, faults: [] } };
  }
}

/** @returns the receipt code */
async function store({ store, recipients, keyClock }: Context, letter: Letter): Promise<string> {
  const { texts, form, answers, receipt, documents } = letter;
  const { code, address } = await receipt.assign();
  const date = keyClock.now();
  const entries = documents.map(({ name }, index) => entryName(index + 1, name));
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
    documents,
    reply: address,
    followUp: receipt.followUp,
    encryptedBy: "server",
  });
  await store.put(await encryptMessage(archive.stream, recipients.at(date), date, archive.size));
  return code;
}
