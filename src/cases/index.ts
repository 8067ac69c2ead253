export { type CaseAnswer, type CaseAnswers, sayAnswer, withQuestions } from "./answers.js";
export type { Case, CaseDocument, CaseSubmission } from "./case.js";
export { type CaseNote, type Conflicts, type DatedNote, foldNotes } from "./case-note.js";
export { daysSince, type RowCell, rowOf, sayRow } from "./case-row.js";
export { CASE_STATUSES, type CaseStatus } from "./case-status.js";
export { answersTo, countDocuments, documentsOf, sentTextOf, statusesOf, writtenTextOf } from "./case-text.js";
export { type CaseCounts, COUNTED, type Counted, type CountTable, countCases } from "./counts.js";
export { type DocumentKind, documentKind, PICTURE_TYPES, type Warning } from "./document-kind.js";
export {
  CASE_MARKS,
  type CaseFilter,
  type CaseMark,
  NO_FILTER,
  rewritten,
  type SearchableCase,
  searchable,
  select,
  tally,
} from "./filter.js";
export { type ForeignLayout, type Keep, readForeign, writeForeignRecord } from "./foreign.js";
export { type GroupedCase, groupCases, type Opened } from "./grouping.js";
export { NoteBook, type NoteChange, type Writer } from "./note-book.js";
export {
  MAX_CLOCK,
  MAX_LABEL_CHARS,
  MAX_NOTE_CHARS,
  type NoteEvent,
  type NoteSet,
  noteEventId,
  readNoteEvent,
  readSet,
  writeNoteEvent,
} from "./note-event.js";
export { MAX_LINE_CHARS, NoteLines, readNoteLines } from "./note-lines.js";
export { type PackedCase, packAnswer, packCase, unpackCase, withoutNotes } from "./packed-case.js";
export { type Person, peopleIn, peopleTable } from "./people.js";
export { decide, linkAll, linksIn, type PersonLinks, splitOff } from "./people-decided.js";
export {
  arrivalSeconds,
  isPickupName,
  MAX_PICKUP_FILES,
  MAX_PICKUP_MANIFEST_BYTES,
  PICKUP_MANIFEST,
  readPickupManifest,
} from "./pickup-download.js";
export { plainText } from "./plain-text.js";
export { type AskedQuestion, questionsIn } from "./questions.js";
export { ENGINES, type Engine, engineOf } from "./reading.js";
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
export { CountsError, countsForReport, LEAST } from "./report-counts.js";
export { normalise, SearchText, type SearchWord, wordsOf } from "./search.js";
export { HIDDEN, showHidden, showLetter } from "./show-hidden.js";
export { isCaseFolder, isInnerFolder, isSubmissionFile, submissionIdOf } from "./submission-file.js";
export { MAX_LETTER_BYTES, MAX_NAME_CHARS, type SubmissionSummary, summarise } from "./summary.js";
export { tableOf, writeCsv, writeJson } from "./table.js";
export {
  fillTemplate,
  MAX_TEMPLATE_CHARS,
  TEMPLATE_LANGUAGES,
  TemplateError,
  type TemplateLanguage,
  type TemplateValues,
} from "./template.js";
export type {
  AnswerChoices,
  AskedPortion,
  CaseReply,
  DeskCursor,
  DeskNews,
  PortionAnswer,
  PortionRest,
  SentAnswers,
} from "./workbench.js";
