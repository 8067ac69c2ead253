export { type Answer, Asker, type Way } from "./asker.js";
export { decoded } from "./decoded.js";
export { connectBySocks, readSocksProxy, type SocksProxy } from "./socks.js";
