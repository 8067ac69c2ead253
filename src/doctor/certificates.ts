import { open } from "node:fs/promises";
import { dayOf } from "../core/index.js";
import { holdsSecretKey } from "../openpgp/index.js";
import { loadRecipients, RecipientsError } from "../server/index.js";
import { SUBMISSION_SUFFIX } from "../store/index.js";
import { Machine } from "./machine.js";
import { fault, ok, orElse, type Verdict, warning } from "./verdict.js";

/** Enough to see what a file begins with; an armored key may stand after some words. */
const LOOK = 256 * 1024;
/** Bytes: a secret key of 32, its public half and what goes around them. */
const SHORTEST_KEY = 64;

/** What `postern serve` checks at its start, and whether any certificate is about to end. */
export async function checkCertificates(keys: string, now: Date): Promise<readonly Verdict[]> {
  try {
    const recipients = await loadRecipients(keys, now);
    const ends = recipients.all.flatMap(({ expires }) => (expires === null ? [] : [expires.getTime()]));
    const first = ends.length === 0 ? "none expires" : `the first expires on ${dayOf(new Date(Math.min(...ends)))}`;
    const soon = recipients.warnings(now).map((each) => {
      const [what = each, cure = ""] = each.split(": ");
      return warning(what, `${cure}, offline, and put the new certificate into ${keys}`);
    });
    const { length } = recipients.all;
    return orElse(soon, `${length} usable ${length === 1 ? "certificate" : "certificates"}, ${first}`);
  } catch (cause) {
    if (!(cause instanceof RecipientsError)) throw cause;
    return cause.problems.map(({ file, message, cure }) => fault(`${file}: ${message}`, cure));
  }
}

/** Looks into every file of `folders` but submissions themselves. */
export async function checkNoSecretKey(folders: readonly string[]): Promise<readonly Verdict[]> {
  const files = (await Promise.all(folders.map((folder) => new Machine().walk(folder)))).flat();
  const found: Verdict[] = [];
  for (const path of files.filter((each) => !each.endsWith(SUBMISSION_SUFFIX))) {
    const begins = await beginning(path);
    // Random bytes, such as those of the portal's salt, may begin as a key does; no key is as short.
    if (begins.length < SHORTEST_KEY || !holdsSecretKey(begins)) continue;
    found.push(fault(`${path} holds a secret key`, "take it off this machine, and treat it as stolen"));
  }
  return found.length > 0 ? found : [ok(`there is no secret key in ${folders.join(", ")}`)];
}

async function beginning(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(LOOK), 0, LOOK, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
