export type { Finding } from "./check.js";
export { type Deployment, type ExaminationOptions, examineDeployment } from "./examination.js";
export { Machine } from "./machine.js";
