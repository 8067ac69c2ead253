export {
  ACKNOWLEDGEMENT,
  type Acknowledgement,
  AcknowledgementError,
  type OpenedSubmission,
  readAcknowledgement,
  writeAcknowledgement,
} from "./acknowledgement.js";
export { type Archive, type ArchiveFile, ArchiveWriteError, archiveSize, createArchive } from "./archive.js";
export { ArchiveError, type ArchiveFault } from "./archive-error.js";
export type { ArchiveLayout } from "./archive-layout.js";
export { type ArchiveEntry, readArchive, readWholeArchive, type WholeEntry } from "./archive-reader.js";
export { ARCHIVE_LIMITS, type ArchiveLimits, type EntryHead } from "./archive-rules.js";
export { BlockDigest } from "./block-digest.js";
export { ByteReader } from "./byte-reader.js";
export { maxContentBytes, TOO_COMPRESSED } from "./content-limit.js";
export { type ContentsLayout, LAYOUT_HEAD_BYTES, layoutOf } from "./contents-layout.js";
export { DAY_MS, dayOf, isDay, startOfDay } from "./day.js";
export {
  DELETIONS,
  type DeletedSubmission,
  DeletionListError,
  readDeletionList,
  writeDeletionList,
} from "./deletion-list.js";
export { type Document, type DocumentRecord, placeDocuments, recordFile, textFile } from "./document.js";
export { type Draft, DraftError, MAX_DRAFT_MESSAGE_BYTES, readDraft, writeDraft } from "./draft.js";
export { entryName, isEntryName } from "./entry-name.js";
export { Fault } from "./fault.js";
export { foreignCaseId } from "./foreign-case-id.js";
export { headOf } from "./head-of.js";
export { isHex } from "./hex-digits.js";
export { joinBytes } from "./join-bytes.js";
export { fieldsOf, isJsonObject, type JsonObject, jsonOrNull, readJson } from "./json-object.js";
export { type LedgerExport, LedgerExportError, readLedgerExport, writeLedgerExport } from "./ledger-export.js";
export { type MessageNotes, NO_NOTES } from "./message-notes.js";
export { PADDING_NAME, paddedArchiveSize, padme } from "./padding.js";
export { fromHex, randomHex, toHex } from "./random.js";
export {
  createReceiptCode,
  deriveDraftAddress,
  deriveReplyAddress,
  formatReceiptCode,
  type Pbkdf2,
  PORTAL_SALT_LENGTH,
  parseReceiptCode,
  ReceiptCodeError,
  type ReceiptCodeFault,
} from "./receipt-code.js";
export { isMailboxId, isReplyKey, type ReplyAddress, readReplyAddress } from "./reply-address.js";
export { createReply, MAX_REPLY_BYTES, type ReplyContents, ReplyError, type ReplyRecord } from "./reply-archive.js";
export { REPLY_SUFFIX, readReplyFileName, replyFileName } from "./reply-file-name.js";
export { type Reply, type ReplyFile, readReply } from "./reply-reader.js";
export { sha256Hex } from "./sha256.js";
export { StallTimer } from "./stall-timer.js";
export {
  type ChosenAnswer,
  createSubmission,
  type MailHeaders,
  type MailSenderCheck,
  type SubmissionContents,
  type SubmissionRecord,
} from "./submission.js";
export { readTarHeader, type TarHeader } from "./tar-header.js";
export { readTar, type TarEntry, TarError, type TarFault, type TarLimits } from "./tar-reader.js";
export { uploadStateText } from "./upload-state.js";
