export { BurnError, type BurnRequest, burnMonth } from "./burn.js";
export { BurningLockError } from "./burning-lock.js";
export { endOfUse, GRACE_MS, type Month, MonthError, monthAfter, monthOf, parseMonth, startOfMonth } from "./month.js";
export { findMonths, type MonthFile, MonthFilesError, monthFileName, readKeyLines, readMonth } from "./month-files.js";
export {
  createMonthlyKey,
  type ExtendRequest,
  extendMonthlyKey,
  type MonthlyKey,
  MonthlyKeyError,
  type MonthlyKeyRequest,
  type MonthSecret,
} from "./monthly-key.js";
export { unwrapMonth, WrapError, wrapMonth } from "./wrap.js";
