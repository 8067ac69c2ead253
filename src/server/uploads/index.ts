export { type ReceiptKey, ReceiptKeyError, readReceiptKey } from "./receipt-key.js";
export { publishUploads } from "./uploads.js";
