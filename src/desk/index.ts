export { acknowledgeIn, acknowledgementOf } from "./acknowledgement.js";
export type { Place } from "./case-folders.js";
export { createKeyPair, type KeyPair, type KeyPairRequest, type KeyProfile } from "./key-pair.js";
export { findSubmissions, OpenError, type OpenOptions, type Outcome, openSubmissions } from "./open.js";
export { ReplyFileError, type ReplyRequest, writeReply } from "./reply.js";
export { readSecretKeys, SecretKeyError } from "./secret-keys.js";
