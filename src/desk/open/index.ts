export { acknowledgeIn, acknowledgementOf } from "./acknowledgement.js";
export { DELETING, type Place } from "./case-folders.js";
export { findSubmissions } from "./find-submissions.js";
export { gpgOpener } from "./gpg-opener.js";
export { GpgError } from "./gpg-process.js";
export { keyOpener } from "./key-opener.js";
export { type OpenOptions, openSubmissions } from "./open.js";
export type { OnRead, Opener } from "./opener.js";
export { putIntoOutbox, putTextIntoOutbox } from "./outbox.js";
export { OpenError, type Outcome, writeFault } from "./outcome.js";
export { findPickupArchives, PickupArchiveError, unpackPickup } from "./pickup-archive.js";
export { recordIn } from "./record.js";
export { fileDigest, SOURCE_FILE, sourceIn } from "./source.js";
export {
  deletionsIn,
  isTombstone,
  readTombstones,
  type Tombstone,
  tombstonePath,
  writeTombstone,
} from "./tombstone.js";
export { workerOpener } from "./worker-opener.js";
