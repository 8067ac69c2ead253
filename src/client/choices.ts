import type { FailureCode } from "./messages.js";

/** No others: a hint at other keys, another server or a wrong clock must not lead a submitter to a weaker way. */
const OF_BROWSER: ReadonlySet<FailureCode> = new Set(["too_old", "self_test", "keys_unreachable", "internal"]);

/** Whether the submitter may choose to let the server encrypt. A copy of the pages has no server that could. */
export function mayUseServer(code: FailureCode): boolean {
  return OF_BROWSER.has(code);
}

/** Nothing is wrong with the letter or its keys: it cannot be taken, or cannot get through. */
const OF_WAY: ReadonlySet<FailureCode> = new Set(["no_space", "blocked", "digest_mismatch"]);

/** Whether the submitter may have the letter as an encrypted file, to bring it later or by other means. */
export function maySave(code: FailureCode): boolean {
  return OF_WAY.has(code);
}

/** Whether the offline form may help: it has the same keys, and knows only the device's clock. */
export function mayUseOffline(code: FailureCode): boolean {
  return OF_BROWSER.has(code) || code === "no_portal";
}
