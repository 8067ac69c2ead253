import { REPLY_SUFFIX } from "../core/index.js";

/** What a submission is called in the store and wherever it is copied to. */
const NAME = /^([0-9a-f]{32})\.tar\.gpg$/;

/** Whether a file in a folder of submissions is taken for one. */
export function isSubmissionFile(name: string): boolean {
  return name.endsWith(".gpg") && !name.endsWith(REPLY_SUFFIX);
}

/** A submission's id by the name of its file, or null for one that did not come from the store. */
export function submissionIdOf(name: string): string | null {
  return NAME.exec(name)?.[1] ?? null;
}
