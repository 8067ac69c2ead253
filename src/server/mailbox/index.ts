export { publishMailboxes } from "./mailbox.js";
export { publishReplies } from "./replies.js";
export { ReplyAddresses } from "./reply-addresses.js";
