export { beginsAsMessage, type MessageLimits, type MimeMessage, type MimePart, readMessage } from "./message.js";
