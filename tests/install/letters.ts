// Made-up letters with addresses for answers, as a portal stores them.
// npx tsx tests/install/letters.ts CERTIFICATE FOLDER
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createReceiptCode, deriveReplyAddress } from "../../src/core/index.js";
import { recipientOf } from "../support/keys.js";
import { encryptedSubmission } from "../support/message.js";
import { contentsOf, STAFF_CASES } from "../support/staff-cases.js";

const [certificate = "", folder = ""] = process.argv.slice(2);
const recipient = await recipientOf({ certificate: await readFile(certificate, "utf8") });
for (const one of STAFF_CASES.en) {
  const reply = await deriveReplyAddress(createReceiptCode(), randomBytes(16));
  const message = await encryptedSubmission([recipient], { ...contentsOf(one, "en"), reply });
  await writeFile(join(folder, `${one.number.padEnd(32, "0")}.tar.gpg`), message);
}
