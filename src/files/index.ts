export { appendLines } from "./append-lines.js";
export { INSTALLED_FOLDER, installedVersion } from "./installed-version.js";
export { LOCK_FAULTS, type Lock, type LockFault, withLock } from "./lock.js";
export { isMissing, nullIfMissing } from "./missing-file.js";
export { replaceFile } from "./replace-file.js";
export { syncFolder } from "./sync-folder.js";
export { writeNewFile } from "./write-new-file.js";
