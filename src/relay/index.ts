export { type OwnHeaders, type RelayParts, relayTo } from "./relay.js";
