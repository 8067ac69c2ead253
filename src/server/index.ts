export { GATE_LIMITS, type GateLimits } from "./admission/index.js";
export type { ServerConfig } from "./config.js";
export type { ServerParts } from "./context.js";
export { headersOf, type Role } from "./http/index.js";
export { type KeyProblem, loadRecipients, Recipients, RecipientsError } from "./recipients.js";
export { createPortal, createServer, type Portal } from "./server.js";
export { Shutdown } from "./shutdown.js";
export { type FixedPath, fixedPaths, type WellKnown } from "./site/index.js";
export type { UploadStore } from "./upload-store.js";
