import { Fault } from "./fault.js";
import { isHex } from "./hex-digits.js";
import { fieldsOf, readJson } from "./json-object.js";

/** A submission that the desk has deleted: its id in the store, 32 hex digits, and the SHA-256 of its ciphertext. */
export interface DeletedSubmission {
  readonly id: string;
  readonly sha256: string;
}

export class DeletionListError extends Fault<"malformed"> {}

/** Asks the online side to delete its copies of submissions, and tells nothing more. */
export const DELETIONS = "deletions.json";
const FORMAT = "postern-deletions";

/** The text of `deletions.json`, sorted by id. */
export function writeDeletionList(deleted: Iterable<DeletedSubmission>): string {
  const byId = new Map([...deleted].map(({ id, sha256 }) => [id, { id, sha256 }]));
  const sorted = [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  return `${JSON.stringify({ format: FORMAT, version: 1, delete: sorted }, null, 1)}\n`;
}

/** Each id once, the last entry counts. @throws DeletionListError */
export function readDeletionList(text: string): readonly DeletedSubmission[] {
  const malformed = (cause?: unknown) =>
    new DeletionListError("malformed", "this is not a deletions.json as postern case delete writes it", { cause });
  const { format, version, delete: listed } = fieldsOf(readJson(text, malformed));
  if (format !== FORMAT || version !== 1 || !Array.isArray(listed)) throw malformed();
  const read = listed.map((each: unknown): DeletedSubmission => {
    const { id, sha256 } = fieldsOf(each);
    if (!isHex(id, 16) || !isHex(sha256, 32)) throw malformed();
    return { id, sha256 };
  });
  return [...new Map(read.map((each) => [each.id, each])).values()];
}
