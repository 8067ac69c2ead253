export { publishEncrypted } from "./encrypted.js";
export { publishIntake } from "./intake.js";
export { ProgressBoard, type Step } from "./progress.js";
export { publishProgress } from "./progress-stream.js";
export { SentLetters } from "./sent-letters.js";
