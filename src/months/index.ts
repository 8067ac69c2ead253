export { BurnRefusal, burnRefusal } from "./burn-refusal.js";
export { endOfUse, GRACE_MS, type Month, MonthError, monthAfter, monthOf, parseMonth, startOfMonth } from "./month.js";
export { keyLineIn, monthFileName, monthInName, monthInSecret } from "./month-secret.js";
export {
  createMonthlyKey,
  type ExtendRequest,
  extendMonthlyKey,
  type MonthlyKey,
  MonthlyKeyError,
  type MonthlyKeyRequest,
  type MonthSecret,
} from "./monthly-key.js";
export { unwrapMonth, WrapError, wrapMonth, wrapMonths } from "./wrap.js";
