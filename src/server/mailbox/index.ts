export { type AssignedCode, CodeStock } from "./code-stock.js";
export { publishMailboxes } from "./mailbox.js";
export { publishReplies } from "./replies.js";
export { ReplyAddresses } from "./reply-addresses.js";
export { publishSealedMailboxes } from "./sealed.js";
