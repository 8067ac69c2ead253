export { beginsAsMessage, type MimeMessage, type MimePart, readMessage } from "./message.js";
