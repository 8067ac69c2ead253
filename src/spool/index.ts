export { EncryptedSpool, isOutOfSpace, type SpooledPart, type SpoolWriter } from "./encrypted-spool.js";
