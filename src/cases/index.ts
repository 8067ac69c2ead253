export type { Case, CaseDocument, CaseSubmission } from "./case.js";
export { CASE_STATUSES, type CaseStatus } from "./case-status.js";
export { type DocumentKind, documentKind, PICTURE_TYPES, type Warning } from "./document-kind.js";
export { type ForeignLayout, type Keep, readForeign, writeForeignRecord } from "./foreign.js";
export { type GroupedCase, groupCases, type Opened } from "./grouping.js";
export { plainText } from "./plain-text.js";
export {
  addressKey,
  BY_PERSON,
  type CaseRecord,
  encryptedIn,
  type ForeignNotes,
  isCaseId,
  readArchivedRecord,
  readRecord,
  shortCase,
} from "./record.js";
export { MAX_RECORD_BYTES, RECORD_FILE } from "./record-file.js";
export { isSubmissionFile, submissionIdOf } from "./submission-file.js";
export { MAX_LETTER_BYTES, MAX_NAME_CHARS, type SubmissionSummary, summarise } from "./summary.js";
