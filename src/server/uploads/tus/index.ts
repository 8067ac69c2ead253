export { TUS_VERSION } from "./headers.js";
export { type Answer, Tus } from "./tus.js";
export { UnacceptableUpload, UploadRefusal } from "./upload-refusal.js";
