export { type Deployment, type ExaminationOptions, examineDeployment } from "./examination.js";
export { Machine } from "./machine.js";
export type { Finding } from "./verdict.js";
