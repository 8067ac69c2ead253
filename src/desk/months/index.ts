export { BurnError, type BurnRequest, burnMonth } from "./burn.js";
export { BurningLockError } from "./burning-lock.js";
export { findMonths, type MonthFile, MonthFilesError, readKeyLines, readMonth } from "./month-files.js";
