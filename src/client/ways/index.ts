export { ManyWays, type ManyWaysParts } from "./many-ways.js";
export { type Asked, PortalQuestions, type PortalQuestionsParts } from "./portal-questions.js";
export { SealedMailbox } from "./sealed-mailbox.js";
