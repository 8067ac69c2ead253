export { createRelayServer, type RelayServerParts } from "./relay-server.js";
