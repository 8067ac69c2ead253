export { type MailboxKey, readMailboxKey } from "./mailbox-key.js";
export { PortalKeyError } from "./portal-key.js";
export { type ReceiptKey, readReceiptKey } from "./receipt-key.js";
