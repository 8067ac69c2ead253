export { type AnswerText, type AnswerTransport, answerTransport } from "./answer-transport.js";
export { AnsweredSenders } from "./answered-senders.js";
export { Answers } from "./answers.js";
export type { MailConfig, TlsIdentity } from "./config.js";
export { MAIL_GATE_LIMITS, type MailGateLimits } from "./mail-gate.js";
export { createMailServer, type MailServer, type MailServerParts } from "./mail-server.js";
export { MessageIds, MessageIdsError } from "./message-ids.js";
export { TlsFiles, TlsFilesError } from "./tls-files.js";
