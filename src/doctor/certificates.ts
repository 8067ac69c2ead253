import { open } from "node:fs/promises";
import { dayOf } from "../core/index.js";
import { holdsSecretKey } from "../openpgp/index.js";
import { loadRecipients, RecipientsError } from "../server/recipients/index.js";
import { SUBMISSION_SUFFIX } from "../store/index.js";
import { type CheckResult, fault, ok, orOk, warning } from "./check.js";
import { Machine } from "./machine.js";

/** How much of each file to scan: text may precede an armored key. */
const SCANNED_BYTES = 256 * 1024;
/** A 32-byte secret key, its public half and the packet around them. */
const MIN_KEY_BYTES = 64;

/** Makes the checks that `postern serve` makes at its start, and warns of certificates that expire soon. */
export async function checkCertificates(keys: string, now: Date): Promise<readonly CheckResult[]> {
  try {
    const recipients = await loadRecipients(keys, now);
    const ends = recipients.all.flatMap(({ expires }) => (expires === null ? [] : [expires.getTime()]));
    const first = ends.length === 0 ? "none expires" : `the first expires on ${dayOf(new Date(Math.min(...ends)))}`;
    const notices = recipients.notices(now).map(({ message, cure }) => warning(message, cure));
    const { length } = recipients.all;
    return orOk(notices, `${length} usable ${length === 1 ? "certificate" : "certificates"}, ${first}`);
  } catch (cause) {
    if (!(cause instanceof RecipientsError)) throw cause;
    return cause.problems.map(({ file, message, cure }) => fault(`${file}: ${message}`, cure));
  }
}

/** Searches every file in `folders` for a secret key, except the submissions themselves. */
export async function checkNoSecretKey(folders: readonly string[]): Promise<readonly CheckResult[]> {
  const files = (await Promise.all(folders.map((folder) => new Machine().walk(folder)))).flat();
  const found: CheckResult[] = [];
  for (const path of files.filter((each) => !each.endsWith(SUBMISSION_SUFFIX))) {
    const start = await readStart(path);
    // Short random files, such as the portal's salt, may begin like a key packet.
    if (start.length < MIN_KEY_BYTES || !holdsSecretKey(start)) continue;
    found.push(fault(`${path} holds a secret key`, "remove it from this machine, and treat the key as stolen"));
  }
  return found.length > 0 ? found : [ok(`no secret key in ${folders.join(", ")}`)];
}

async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(SCANNED_BYTES), 0, SCANNED_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
