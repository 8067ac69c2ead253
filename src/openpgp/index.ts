export {
  addToPrimary,
  beginsWithSecretKey,
  Certificate,
  type Choice,
  checkRecipient,
  holdsSecretKey,
  issuerOfRevocation,
  judgeRecipient,
  type Key,
  MAX_CERTIFICATE_FILE_BYTES,
  mergeCertificates,
  minuteOf,
  monthsLeft,
  type RawCertificate,
  type Recipient,
  RecipientError,
  type RecipientFault,
  readCertificates,
  readKeyFile,
  type Use,
} from "./certificates/index.js";
export { DecryptError, type DecryptFault } from "./decrypt-error.js";
export { decryptingKey, unlockedPackets } from "./decrypting-key.js";
export {
  decryptMessage,
  decryptShortMessage,
  MAX_SHORT_BYTES,
  type OpenedMessage,
  openMessage,
  openShortMessage,
} from "./decryption.js";
export { diagnose } from "./diagnosis.js";
export { encryptMessage } from "./encrypt-message.js";
export {
  FILE_FAULTS,
  type FileFault,
  fileFault,
  noSecretKey,
  requireRecipients,
  UnknownRecipientError,
} from "./encrypted-file.js";
export { KeyFileError, type KeyFileFault, MAX_SECRET_KEY_FILE_BYTES } from "./key-file.js";
export { createKeyPair, type KeyPair, type KeyPairRequest, type KeyProfile } from "./key-pair.js";
export { KeyRing } from "./key-ring.js";
export { messageIn, messageInBytes } from "./message-file.js";
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
export { lockOfVersion, RelockError, relockKeys } from "./relock.js";
export { decryptReply, encryptReply, MAX_REPLY_MESSAGE_BYTES, openReply } from "./reply.js";
export type { KeyPart, Lock } from "./secret-part.js";
export { readSigningKey, SigningError, signDetached } from "./signing.js";
