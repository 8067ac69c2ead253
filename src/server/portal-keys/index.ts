export { type ReceiptKey, ReceiptKeyError, readReceiptKey } from "./receipt-key.js";
