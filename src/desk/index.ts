export type { CaseStatus } from "../cases/index.js";
export { CaseNotesError, type NoteChange, writeCaseNote } from "./case-notes.js";
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
export { createKeyPair, type KeyPair, type KeyPairRequest, type KeyProfile } from "./key-pair.js";
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
export { ReplyFileError, type ReplyRequest, writeOpenedNotices, writeReply } from "./reply.js";
export { closedFault, type KeyFileNotice, type NamedKey, readKeyRing, SecretKeyError } from "./secret-keys.js";
