export { acknowledgeIn, acknowledgementOf } from "./acknowledgement.js";
export type { Place } from "./case-folders.js";
export { GpgError, gpgOpener } from "./gpg-opener.js";
export { keyOpener } from "./key-opener.js";
export { findSubmissions, OpenError, type OpenOptions, type Outcome, openSubmissions } from "./open.js";
export type { OnRead, Opener } from "./opener.js";
export { recordIn } from "./record.js";
export { sourceIn } from "./source.js";
export { workerOpener } from "./worker-opener.js";
