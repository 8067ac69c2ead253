export { headersOf, type Role, securityHeaders } from "./headers.js";
export { textsFor } from "./language.js";
export { isOnion, isThroughGateway, onionLocation } from "./onion.js";
export { type PageRefusal, type Refusal, statusOf } from "./refusal.js";
export { isForeign } from "./same-origin.js";
