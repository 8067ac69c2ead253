// Made-up letters with addresses for answers, as a portal stores them.
// npx tsx tests/install/letters.ts CERTIFICATE FOLDER
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createReceiptCode, createSubmission, deriveReplyAddress } from "../../src/core/index.js";
import { encryptMessage } from "../../src/openpgp/index.js";
import { recipientOf } from "../support/keys.js";
import { contentsOf, STAFF_CASES } from "../support/staff-cases.js";

const [certificate = "", folder = ""] = process.argv.slice(2);
const now = new Date();
const recipient = await recipientOf({ certificate: await readFile(certificate, "utf8") });
for (const one of STAFF_CASES.en) {
  const reply = await deriveReplyAddress(createReceiptCode(), randomBytes(16));
  const { stream } = createSubmission({ ...contentsOf(one, "en"), reply });
  const message = await new Response(await encryptMessage(stream, [recipient], now)).arrayBuffer();
  await writeFile(join(folder, `${one.number.padEnd(32, "0")}.tar.gpg`), new Uint8Array(message));
}
