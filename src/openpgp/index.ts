export { DecryptError } from "./decryption.js";
export { decryptMessage, decryptShortMessage, encryptMessage } from "./encrypt-message.js";
export { beginMessage, EncryptError, type MessageKey } from "./message-key.js";
export {
  ArmorError,
  type ArmorFault,
  inspectMessage,
  MessageError,
  type MessageFault,
  MessageInspector,
  type MessageLock,
  type MessageReport,
  messageGuard,
  type Packet,
  readPackets,
  withoutArmor,
} from "./packets/index.js";
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
export { openReply, type Reply, type ReplyFile, readReply } from "./reply-reader.js";
