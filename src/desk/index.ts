export type { CaseStatus } from "../cases/index.js";
export { createKeyPair, type KeyPair, type KeyPairRequest, type KeyProfile } from "../openpgp/index.js";
export { type AnswerRequest, type AnswerSource, answerCase, answerText, distinctMailboxes } from "./answering.js";
export { addCarriedNotes, type CarriedNotes, MAX_CARRIED_BYTES, notesToCarry } from "./carry-notes.js";
export { type NoteChange, openCaseNotes, writeCaseNote, writeChanges } from "./case-notes.js";
export { caseOf, type OwnCase } from "./case-of.js";
export { type CeremonyOptions, writeCeremony } from "./ceremony.js";
export { DeleteCaseError, deleteCase, type FoundCase, findCaseToDelete } from "./delete-case.js";
export { compareWithDossier, type Dossier, DossierError, makeDossier, writeDossier } from "./dossier.js";
export { eraseFolder } from "./erase-folder.js";
export { type CasePart, HandOverError, packHandOver, partsOf } from "./hand-over.js";
export {
  judgeDocument,
  readCases,
  renderCountsPage,
  renderDeskPage,
  renderSharePage,
  type SharePage,
  writeCaseIndex,
} from "./html/index.js";
export { type DamagedLog, NoteLogs } from "./note-logs.js";
export { CaseNotesError, NOTES_FOLDER } from "./notes-folder.js";
export {
  acknowledgeIn,
  acknowledgementOf,
  findSubmissions,
  GpgError,
  gpgOpener,
  keyOpener,
  OpenError,
  type Opener,
  type OpenOptions,
  type Outcome,
  openSubmissions,
  PickupArchiveError,
  type Place,
  workerOpener,
} from "./open/index.js";
export { RekeyError, type RekeyRequest, rekeySubmission } from "./rekey.js";
export {
  addressIn,
  ReplyFileError,
  type ReplyRequest,
  readReplyText,
  sendReply,
  writeOpenedNotices,
  writeReply,
} from "./reply.js";
export { closedFault, type KeyFileNotice, type NamedKey, readKeyRing, SecretKeyError } from "./secret-keys.js";
export { readTemplate, TemplateFileError, templateLanguage } from "./templates.js";
export { createWorkbench, type Workbench } from "./workbench/index.js";
