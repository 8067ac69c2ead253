/** The file in a submission's archive that is for programs. */
export const RECORD = "submission.json";
/** It is read into memory; the answers in it have bounds far below this. */
export const LONGEST_RECORD = 16 * 1024 * 1024;
