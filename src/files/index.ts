export { isMissing, nullIfMissing } from "./missing-file.js";
