export type { ServerConfig } from "./config.js";
export { Departure } from "./departure.js";
export { type FixedPath, fixedPaths } from "./fixed-paths.js";
export { GATE_LIMITS, type GateLimits } from "./gate/index.js";
export { headersOf, type Role } from "./headers.js";
export { type KeyProblem, loadRecipients, Recipients, RecipientsError } from "./recipients.js";
export { createServer, type ServerParts } from "./server.js";
export type { UploadStore } from "./upload-store.js";
export type { WellKnown } from "./well-known.js";
