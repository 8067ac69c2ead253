export { encryptMessage } from "./message.js";
