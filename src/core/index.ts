export {
  ACKNOWLEDGEMENT,
  type Acknowledgement,
  AcknowledgementError,
  type OpenedSubmission,
  readAcknowledgement,
  writeAcknowledgement,
} from "./acknowledgement.js";
export { type Archive, type ArchiveFile, ArchiveWriteError, createArchive } from "./archive.js";
export { type ArchiveEntry, readArchive, readWholeArchive, type WholeEntry } from "./archive-reader.js";
export {
  ARCHIVE_LIMITS,
  ArchiveError,
  type ArchiveFault,
  type ArchiveLayout,
  type ArchiveLimits,
  type EntryHead,
} from "./archive-rules.js";
export { ArmorError, type ArmorFault, withoutArmor } from "./armor.js";
export { BlockDigest } from "./block-digest.js";
export { dayOf, startOfDay } from "./day.js";
export { DecryptError } from "./decryption.js";
export type { Document, DocumentRecord } from "./document.js";
export { entryName, isEntryName } from "./entry-name.js";
export { Fault } from "./fault.js";
export { fieldsOf, isJsonObject, type JsonObject } from "./json-object.js";
export { decryptMessage, decryptShortMessage, encryptMessage } from "./message.js";
export {
  inspectMessage,
  MessageError,
  type MessageFault,
  MessageInspector,
  type MessageLock,
  type MessageReport,
  messageGuard,
} from "./message-inspector.js";
export { beginMessage, EncryptError, type MessageKey } from "./message-key.js";
export { type Packet, readPackets } from "./packets.js";
export { paddedArchiveSize, padme } from "./padding.js";
export { fromHex, randomHex, toHex } from "./random.js";
export {
  createReceiptCode,
  deriveReplyAddress,
  formatReceiptCode,
  PORTAL_SALT_LENGTH,
  parseReceiptCode,
  ReceiptCodeError,
  type ReceiptCodeFault,
} from "./receipt-code.js";
export {
  checkRecipient,
  holdsSecretKey,
  type Recipient,
  RecipientError,
  type RecipientFault,
  readCertificates,
  usesRareCurve,
} from "./recipient.js";
export {
  createReply,
  decryptReply,
  encryptReply,
  LARGEST_REPLY,
  LARGEST_REPLY_MESSAGE,
  type ReplyContents,
  ReplyError,
  type ReplyRecord,
} from "./reply.js";
export { isMailboxId, isReplyKey, type ReplyAddress, readReplyAddress } from "./reply-address.js";
export { REPLY_SUFFIX, readReplyFileName, replyFileName } from "./reply-file-name.js";
export { openReply, type Reply, type ReplyFile, readReply } from "./reply-reader.js";
export { type ChosenAnswer, createSubmission, type SubmissionContents, type SubmissionRecord } from "./submission.js";
