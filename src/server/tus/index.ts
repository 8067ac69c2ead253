export { type Answer, Tus } from "./tus.js";
export { TUS_VERSION } from "./tus-fields.js";
export { UnacceptableUpload, UploadRefusal } from "./upload-refusal.js";
