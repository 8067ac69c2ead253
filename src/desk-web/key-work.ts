import type { KeyTask } from "./desk-messages.js";
import type { KeyWork } from "./made-file.js";
import { makeKey } from "./make-key.js";
import { burnMonth, extendMonths, makeMonths } from "./month-work.js";
import { splitKey } from "./split-work.js";

/** @throws KeyWorkError, SplitError */
export function workOnKeys(request: KeyTask): Promise<KeyWork> {
  if (request.task === "single") return makeKey(request.name, request.passphrase);
  if (request.task === "make") return makeMonths(request.name, request.passphrase, request.count);
  if (request.task === "extend") return extendMonths(request.files, request.passphrase, request.count);
  if (request.task === "burn") return burnMonth(request.files, request.month, request.force);
  return splitKey(request.file, request.passphrase, request.shares, request.need);
}
