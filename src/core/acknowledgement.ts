import { Fault } from "./fault.js";
import { isHex } from "./hex-digits.js";
import { fieldsOf, readJson } from "./json-object.js";

/**
 * A submission that the desk has opened: its id in the store, 32 hex digits, and a digest of its ciphertext, 64 hex
 * digits. Browsers give the digest of its blocks ({@link BlockDigest}), since they cannot hash a large file as a
 * stream.
 */
export type OpenedSubmission =
  | { readonly id: string; readonly sha256: string }
  | { readonly id: string; readonly blocksSha256: string };

/** `acknowledgement.json`: tells the online side which submissions the desk could open, and nothing more. */
export interface Acknowledgement {
  readonly format: "postern-acknowledgement";
  readonly version: 1;
  readonly opened: readonly OpenedSubmission[];
}

export class AcknowledgementError extends Fault<"malformed"> {}

export const ACKNOWLEDGEMENT = "acknowledgement.json";

/** The text of `acknowledgement.json`, sorted by id. Of two entries with one id the later one counts. */
export function writeAcknowledgement(opened: Iterable<OpenedSubmission>): string {
  const byId = new Map([...opened].map((each) => [each.id, clean(each)]));
  const record: Acknowledgement = {
    format: "postern-acknowledgement",
    version: 1,
    opened: [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
  };
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** @throws AcknowledgementError */
export function readAcknowledgement(text: string): Acknowledgement {
  const malformed = (cause?: unknown) =>
    new AcknowledgementError("malformed", "this is not an acknowledgement.json as postern open writes it", { cause });
  const { format, version, opened } = fieldsOf(readJson(text, malformed));
  if (format !== "postern-acknowledgement" || version !== 1 || !Array.isArray(opened)) throw malformed();
  const read = opened.map((each: unknown): OpenedSubmission => {
    const { id, sha256, blocksSha256 } = fieldsOf(each);
    if (!isHex(id, 16)) throw malformed();
    if (isHex(sha256, 32) && blocksSha256 === undefined) return { id, sha256 };
    if (isHex(blocksSha256, 32) && sha256 === undefined) return { id, blocksSha256 };
    throw malformed();
  });
  return { format, version, opened: read };
}

function clean(each: OpenedSubmission): OpenedSubmission {
  return "sha256" in each ? { id: each.id, sha256: each.sha256 } : { id: each.id, blocksSha256: each.blocksSha256 };
}
