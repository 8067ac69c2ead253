import { once } from "node:events";
import { type IncomingHttpHeaders, request as plainRequest, type RequestOptions } from "node:http";
import { request as tlsRequest } from "node:https";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import { connectBySocks, type SocksProxy } from "./socks.js";

/** Long enough for a response through Tor. */
const IDLE_TIMEOUT_MS = 30_000;
/** Ends a response that a server sends byte by byte. */
const TOTAL_TIMEOUT_MS = 120_000;
const MAX_BODY_BYTES = 1024 ** 2;

export interface HttpResponse {
  readonly status: number;
  /** As Node joins them: a repeated name keeps every value. */
  readonly headers: IncomingHttpHeaders;
  /** The body as received, possibly compressed. */
  readonly bytes: Buffer;
  /** False if the body was longer than the limit and the client stopped reading. */
  readonly complete: boolean;
  /** `bytes` as UTF-8. */
  readonly body: string;
  /** When the server's TLS certificate expires, or null without TLS. */
  readonly certificateExpires: Date | null;
}

type HeaderPairs = readonly (readonly [name: string, value: string])[];
export type RequestHeaders = Readonly<Record<string, string>> | HeaderPairs;

/** How to reach the server, if not by connecting to its URL. */
export interface Route {
  readonly socketPath?: string;
  readonly proxy?: SocksProxy | null;
  /** Sent before the first request, such as a PROXY line. */
  readonly preamble?: string;
}

/** Sends GET requests to one server, over TCP, a Unix socket, or a SOCKS proxy. Does not follow redirects. */
export class HttpClient {
  readonly url: URL;
  readonly #socketPath: string | null;
  readonly #proxy: SocksProxy | null;
  readonly #preamble: string | null;

  constructor(url: URL, route: Route = {}) {
    this.url = url;
    this.#socketPath = route.socketPath ?? null;
    this.#proxy = route.proxy ?? null;
    this.#preamble = route.preamble ?? null;
  }

  /** The server's address for messages: its origin, or `unix:` and the socket's path. */
  get name(): string {
    return this.#socketPath === null ? this.url.origin : `unix:${this.#socketPath}`;
  }

  /**
   * @param headers sent in this order, and nothing else, if they are a list, which must have a Host
   * @param maxBytes stop reading the body after this many
   * @throws Error if the connection fails, the response is not HTTP, or a timeout expires
   */
  async get(path: string, headers: RequestHeaders = {}, maxBytes = MAX_BODY_BYTES): Promise<HttpResponse> {
    const { protocol, hostname, port } = this.url;
    const secure = protocol === "https:";
    const host = hostname.replace(/^\[|\]$/g, "");
    const socket = await this.#connect(host, Number(port === "" ? (secure ? 443 : 80) : port), secure);
    const options: RequestOptions = {
      host,
      port,
      path,
      headers: isList(headers) ? headers.flat() : headers,
      timeout: IDLE_TIMEOUT_MS,
      ...(this.#socketPath === null ? {} : { socketPath: this.#socketPath }),
      // An agent would ignore the socket and connect again.
      ...(socket === null ? { agent: false } : { createConnection: () => socket }),
    };
    return new Promise((resolve, reject) => {
      const request = (secure ? tlsRequest : plainRequest)(options, (response) => {
        const { socket } = response;
        const certificateExpires = certificateExpiryOf(socket);
        const { statusCode: status = 0, headers } = response;
        const chunks: Buffer[] = [];
        let length = 0;
        const finish = () => {
          clearTimeout(deadline);
          const bytes = Buffer.concat(chunks).subarray(0, maxBytes);
          const complete = length <= maxBytes;
          resolve({ status, headers, bytes, complete, body: bytes.toString("utf8"), certificateExpires });
          response.destroy();
          // A request that asks to keep it would leave it open.
          socket.destroy();
        };
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > maxBytes) finish();
        });
        response.on("end", finish).on("error", fail);
      });
      const fail = (cause: Error) => {
        clearTimeout(deadline);
        reject(cause);
      };
      const timeOut = () => request.destroy(new Error("the server took too long to answer"));
      const deadline = setTimeout(timeOut, TOTAL_TIMEOUT_MS);
      request.on("timeout", timeOut);
      request.on("error", fail).end();
    });
  }

  /** Null where Node can connect by itself. */
  async #connect(host: string, port: number, secure: boolean): Promise<Socket | null> {
    if (this.#preamble !== null) {
      const socket = connect(this.#socketPath === null ? { host, port } : { path: this.#socketPath });
      await once(socket, "connect");
      socket.write(this.#preamble);
      return socket;
    }
    if (this.#proxy === null) return null;
    const socket = await connectBySocks(this.#proxy, host, port, IDLE_TIMEOUT_MS);
    return secure ? connectTls({ socket, ...(isIP(host) === 0 ? { servername: host } : {}) }) : socket;
  }
}

function isList(headers: RequestHeaders): headers is HeaderPairs {
  return Array.isArray(headers);
}

function certificateExpiryOf(socket: Socket): Date | null {
  return socket instanceof TLSSocket ? new Date(socket.getPeerCertificate().valid_to) : null;
}
