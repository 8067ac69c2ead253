export { type RelayParts, relayTo } from "./relay.js";
