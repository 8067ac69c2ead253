import { REPLY_SUFFIX } from "../core/index.js";

/** A submission's file name in the store, and in copies of it. */
const NAME = /^([0-9a-f]{32})\.tar\.gpg$/;

/** Whether a file in a folder of submissions is a submission. */
export function isSubmissionFile(name: string): boolean {
  return name.endsWith(".gpg") && !name.endsWith(REPLY_SUFFIX);
}

/** The submission id in a file name, or null for a file that does not come from the store. */
export function submissionIdOf(name: string): string | null {
  return NAME.exec(name)?.[1] ?? null;
}

const INNER_FOLDER = /^(?:follow-up|encrypted)-[0-9a-f]{8}(?:-\d+)?$/;

/** Whether a folder's name is that of a follow-up, or of an encrypted message that came in a letter, inside a case. */
export function isInnerFolder(name: string): boolean {
  return INNER_FOLDER.test(name);
}

const CASE_FOLDER = /^submission-[0-9a-f]{8}(?:-\d+)?$/;

/** Whether a folder's name is that of a case. */
export function isCaseFolder(name: string): boolean {
  return CASE_FOLDER.test(name);
}
