export { decodeBody } from "./decode-body.js";
export { HttpClient, type HttpResponse, type Route } from "./http-client.js";
export { isLoopback } from "./loopback.js";
export { connectBySocks, readSocksProxy, type SocksProxy } from "./socks.js";
