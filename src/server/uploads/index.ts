export { publishUploads } from "./uploads.js";
