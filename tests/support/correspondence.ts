import { createReply, deriveReplyAddress } from "../../src/core/index.js";
import { encryptReply } from "../../src/openpgp/index.js";
import { poll } from "./browsers.js";
import { streamOf } from "./bytes.js";
import type { FormPageDriver } from "./form-page.js";
import type { TestPortal } from "./portal.js";
import { Random } from "./seed.js";

const ANSWER = "Мы нашли адвоката.";
const DOCUMENT_BYTES = 100 * 1024;

/** Writes a letter with one document, presses Send, and returns the number on its receipt. */
export async function sendLetter(
  form: FormPageDriver,
  message: string,
  contents: Uint8Array,
  timeoutMs: number,
): Promise<string> {
  await form.write("message", message);
  await form.attach({ name: "приговор.jpg", contents: Buffer.from(contents) });
  await form.press("#send");
  await poll("the receipt", () => form.page.$(".receipt-code"), timeoutMs);
  return form.text(".receipt-code");
}

/** Puts an answer with a document of 100 KiB into the mailbox of `code`. Returns its text. */
export async function answerLetter({ store }: TestPortal, code: string): Promise<string> {
  const { mailbox, key } = await deriveReplyAddress(code, await store.mailboxes.portalSalt());
  const bytes = new Random("answer").bytes(DOCUMENT_BYTES);
  const document = { name: "ответ.pdf", type: "application/pdf", size: bytes.length, open: () => streamOf(bytes) };
  const reply = createReply({ text: `${ANSWER}\n`, documents: [document] });
  await store.mailboxes.putReply(mailbox, await encryptReply(reply.stream, key));
  return ANSWER;
}

/**
 * Opens the page of replies at `url`, types `code`, and waits for a reply.
 * @param loadMs how long the page may take to load, and its button to be on; as long as usual unless given
 */
export async function readReply(
  { page }: FormPageDriver,
  url: string,
  code: string,
  timeoutMs: number,
  loadMs?: number,
): Promise<void> {
  await page.goto(`${url}/ru/replies`, loadMs === undefined ? {} : { timeout: loadMs });
  await poll("the button", () => page.$("#read:not(:disabled)"), loadMs);
  await page.type("#field-mailbox-code", code);
  await page.keyboard.press("Enter");
  await poll("the reply", () => page.$(".reply-text"), timeoutMs);
}
