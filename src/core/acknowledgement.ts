import { Fault } from "./fault.js";

/** A submission that the desk has opened, as the store knows it. */
export interface OpenedSubmission {
  /** 32 hex digits: its name in the store. */
  readonly id: string;
  /** SHA-256 of the ciphertext, 64 hex digits. */
  readonly sha256: string;
}

/** `acknowledgement.json`: what the desk could open, for the online side, which learns nothing else from it. */
export interface Acknowledgement {
  readonly format: "postern-acknowledgement";
  readonly version: 1;
  readonly opened: readonly OpenedSubmission[];
}

export class AcknowledgementError extends Fault<"malformed"> {}

export const ACKNOWLEDGEMENT = "acknowledgement.json";
const ID = /^[0-9a-f]{32}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** In the order of ids; of two with the same id the later one. */
export function writeAcknowledgement(opened: Iterable<OpenedSubmission>): string {
  const byId = new Map([...opened].map(({ id, sha256 }) => [id, { id, sha256 }]));
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
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw malformed(cause);
  }
  const { format, version, opened } = (data ?? {}) as Partial<Record<keyof Acknowledgement, unknown>>;
  if (format !== "postern-acknowledgement" || version !== 1 || !Array.isArray(opened)) throw malformed();
  const read = opened.map((each: unknown): OpenedSubmission => {
    const { id, sha256 } = (each ?? {}) as Partial<Record<keyof OpenedSubmission, unknown>>;
    if (typeof id !== "string" || !ID.test(id) || typeof sha256 !== "string" || !SHA256.test(sha256)) throw malformed();
    return { id, sha256 };
  });
  return { format, version, opened: read };
}
