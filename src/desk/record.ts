import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchiveError, type ReplyAddress, readReplyAddress, type SubmissionRecord } from "../core/index.js";

export const RECORD = "submission.json";
const CASE = /^[0-9a-f]{32}$/;

/** What the desk itself relies on, checked; the answers are for people to read. */
export interface CaseRecord {
  /** 32 hex digits. */
  readonly caseId: string;
  /** Null where the submitter cannot be answered, or the record says something that is no address. */
  readonly address: ReplyAddress | null;
  /** Whether it says of itself that it adds to an earlier case. Never true without an address. */
  readonly followUp: boolean;
}

/**
 * Reads the contents of a submission.json, which whoever wrote the submission chose.
 * @throws ArchiveError `malformed`
 */
export function readRecord(octets: Uint8Array): CaseRecord {
  let record: unknown;
  try {
    record = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets));
  } catch (cause) {
    throw new ArchiveError("malformed", "submission.json is not JSON", { cause });
  }
  const { format, version, case: caseId, reply, followUp } = membersOf(record);
  if (format !== "postern-submission" || version !== 1 || typeof caseId !== "string" || !CASE.test(caseId)) {
    throw new ArchiveError("malformed", "submission.json is not a record of a submission");
  }
  // An appeal is not refused for an address that is none: it can be read, and only not be answered.
  const address = readReplyAddress(reply);
  return { caseId, address, followUp: address !== null && followUp === true };
}

/** The record in a case's folder, or null where there is none that can be read. */
export async function recordIn(folder: string): Promise<CaseRecord | null> {
  try {
    return readRecord(await readFile(join(folder, RECORD)));
  } catch {
    return null;
  }
}

function membersOf(value: unknown): Partial<Record<keyof SubmissionRecord, unknown>> {
  return typeof value === "object" && value !== null ? value : {};
}
