export { GATE_LIMITS, type GateLimits } from "./admission/index.js";
export type { ServerConfig } from "./config.js";
export { headersOf, type Role } from "./http/headers.js";
export { type KeyProblem, loadRecipients, Recipients, RecipientsError } from "./recipients.js";
export { createServer, type ServerParts } from "./server.js";
export { Departure } from "./shutdown.js";
export { type FixedPath, fixedPaths } from "./site/fixed-paths.js";
export type { WellKnown } from "./site/well-known.js";
export type { UploadStore } from "./upload-store.js";
