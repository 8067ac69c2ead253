export { type AnyOriginParts, anyOrigin } from "./any-origin.js";
export { asData, headersOf, type Role, securityHeaders } from "./headers.js";
export { textsFor } from "./language.js";
export { overrideMethod } from "./method-override.js";
export { oneAnswer } from "./one-answer.js";
export { isOnion, isThroughGateway, onionLocation } from "./onion.js";
export { type PageRefusal, type Refusal, statusOf } from "./refusal.js";
export { isForeign } from "./same-origin.js";
