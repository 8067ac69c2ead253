export { decoded } from "./decoded.js";
export { type Answer, Asker, type Way } from "./http-client.js";
export { connectBySocks, readSocksProxy, type SocksProxy } from "./socks.js";
