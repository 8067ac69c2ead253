import { randomBytes } from "node:crypto";
import { createSubmission, type SubmissionContents } from "../../src/core/index.js";
import { encryptMessage, type Recipient } from "../../src/openpgp/index.js";

/** A whole encrypted submission with one document of `documentSize` bytes, or none. */
export async function submissionMessage(
  recipient: Recipient | readonly Recipient[],
  documentSize = 0,
  message = "привет",
): Promise<Buffer> {
  const open = () => new Blob([Buffer.alloc(documentSize)]).stream();
  return encryptedSubmission([recipient].flat(), {
    caseId: randomBytes(16).toString("hex"),
    form: { id: "default", version: 1 },
    language: "ru",
    answers: { message },
    letter: `${message}\n`,
    documents: documentSize === 0 ? [] : [{ name: "a.bin", type: "x/y", size: documentSize, open }],
    encryptedBy: "browser",
  });
}

/** What a portal stores of these contents. */
export async function encryptedSubmission(
  recipients: readonly Recipient[],
  contents: SubmissionContents,
): Promise<Buffer<ArrayBuffer>> {
  const stream = await encryptMessage(createSubmission(contents).stream, recipients, new Date());
  return Buffer.from(await new Response(stream).arrayBuffer());
}
