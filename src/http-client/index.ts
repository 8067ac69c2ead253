export { decodeBody } from "./decode-body.js";
export { HttpClient, type HttpResponse, type Route } from "./http-client.js";
export { isLoopback } from "./loopback.js";
export { type SmtpOptions, smtpOptions } from "./smtp-options.js";
export { connectBySocks, readSocksProxy, type SocksProxy } from "./socks.js";
