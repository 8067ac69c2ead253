export type { CaseStatus } from "../cases/index.js";
export { createKeyPair, type KeyPair, type KeyPairRequest, type KeyProfile } from "../openpgp/index.js";
export { addCarriedNotes, type CarriedNotes, MAX_CARRIED_BYTES, notesToCarry } from "./carry-notes.js";
export { type NoteChange, openCaseNotes, readCaseNotes, writeCaseNote, writeChanges } from "./case-notes.js";
export { type CeremonyOptions, writeCeremony } from "./ceremony.js";
export { digestDocuments } from "./document-digests.js";
export {
  judgeDocument,
  readCases,
  renderDeskPage,
  renderSharePage,
  type SharePage,
  writeCaseIndex,
} from "./html/index.js";
export { CaseNotesError, type DamagedLog, NOTES_FOLDER, NoteLogs } from "./note-logs.js";
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
  type Place,
  workerOpener,
} from "./open/index.js";
export { RekeyError, type RekeyRequest, rekeySubmission } from "./rekey.js";
export { ReplyFileError, type ReplyRequest, writeOpenedNotices, writeReply } from "./reply.js";
export { closedFault, type KeyFileNotice, type NamedKey, readKeyRing, SecretKeyError } from "./secret-keys.js";
export { createWorkbench, type Workbench } from "./workbench/index.js";
