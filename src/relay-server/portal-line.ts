import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { connect as connectTls } from "node:tls";
import { connectBySocks, type SocksProxy } from "../http-client/index.js";

/** Through Tor a connection takes seconds. */
const CONNECT_TIMEOUT_MS = 30_000;
/** An upload may be slow, but not silent. */
const SILENCE_MS = 120_000;
/** Connections to the portal at one time; what is above waits. */
const MAX_SOCKETS = 256;

/** The line of a relay to its portal: one connection for each request that is under way, used again where it may be. */
export class PortalLine {
  readonly #agent: PlainAgent;
  readonly #request: typeof plainRequest;

  /** @param proxy reaches an onion service, or hides where the relay is */
  constructor(portal: URL, proxy: SocksProxy | null) {
    const secure = portal.protocol === "https:";
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: SILENCE_MS };
    this.#agent = secure ? new TlsAgent(options) : new PlainAgent(options);
    this.#request = secure ? tlsRequest : plainRequest;
    if (proxy !== null) connectThrough(this.#agent, portal, proxy);
  }

  /** Sends `request`, whose body passes as it comes. Rejects where the portal does not answer. */
  readonly send = async (request: Request): Promise<Response> => {
    const headers = Object.fromEntries(request.headers);
    const { method, url, signal, body } = request;
    return new Promise((resolve, reject) => {
      const asked = this.#request(url, { method, headers, agent: this.#agent, signal }, (answer) => {
        const { statusCode: status = 0 } = answer;
        if (status < 200 || status > 599) return void asked.destroy(new Error("no answer of HTTP"));
        const empty = method === "HEAD" || status === 204 || status === 304;
        if (empty) answer.resume();
        resolve(
          new Response(empty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>), {
            status,
            headers: Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]),
          }),
        );
      });
      asked.setTimeout(SILENCE_MS, () => asked.destroy(new Error("the portal is silent")));
      asked.on("error", reject);
      if (body === null) return void asked.end();
      // The portal connects and checks while the first bytes are still on their way.
      asked.flushHeaders();
      pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), asked).catch(reject);
    });
  };

  close(): void {
    this.#agent.destroy();
  }
}

function connectThrough(agent: PlainAgent, { protocol, hostname, port }: URL, proxy: SocksProxy): void {
  const secure = protocol === "https:";
  const number = Number(port === "" ? (secure ? 443 : 80) : port);
  const connect = async (): Promise<Socket> => {
    const socket = await connectBySocks(proxy, hostname, number, CONNECT_TIMEOUT_MS);
    return secure ? connectTls({ socket, ...(isIP(hostname) === 0 ? { servername: hostname } : {}) }) : socket;
  };
  agent.createConnection = (_options, callback) => {
    connect().then(
      (socket) => callback?.(null, socket),
      (cause: Error) => callback?.(cause, undefined as never),
    );
    return undefined;
  };
}
