export type { Case, CaseDocument, CaseSubmission } from "./case.js";
export { type DocumentKind, judge, PICTURES, type Warning } from "./document-kind.js";
export { type GroupedCase, groupCases, type Opened } from "./grouping.js";
export { addressKey, type CaseRecord, isCaseId, readArchivedRecord, readRecord, shortCase } from "./record.js";
export { LONGEST_RECORD, RECORD } from "./record-file.js";
export { isSubmissionFile, submissionIdOf } from "./submission-file.js";
export { LONGEST_LETTER, type SubmissionSummary, summarise } from "./summary.js";
