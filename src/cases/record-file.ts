/** The machine-readable file in a submission's archive. */
export const RECORD_FILE = "submission.json";
/** The record is read into memory. The form's limits keep it far below this size. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;
