export { KeyClock, newestDay } from "./key-clock.js";
export { type KeyProblem, keyProblem, RecipientsError } from "./key-problem.js";
export { recipientsGuard, requireOurs } from "./known-recipients.js";
export { loadRecipients } from "./load-recipients.js";
export { type Notice, Recipients, warningOf } from "./recipients.js";
