import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { connectBySocks, type SocksProxy } from "../http-client/index.js";

/** Through Tor a connection takes seconds. */
const CONNECT_TIMEOUT_MS = 30_000;
/** An upload may be slow, but not silent. */
const SILENCE_MS = 120_000;

export interface PortalRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request, and the connection that it has. */
  readonly signal: AbortSignal;
}

/**
 * The line of a relay to its portal: one connection for each request that is under way, used again where it may be.
 * The relay's gate bounds the requests.
 */
export class PortalLine {
  readonly #portal: URL;
  readonly #agent: PlainAgent;
  readonly #request: typeof plainRequest;

  /** @param proxy reaches an onion service, or hides where the relay is */
  constructor(portal: URL, proxy: SocksProxy | null) {
    this.#portal = portal;
    const secure = portal.protocol === "https:";
    const options = { keepAlive: true, timeout: SILENCE_MS };
    this.#agent = secure ? new TlsAgent(options) : new PlainAgent(options);
    this.#request = secure ? tlsRequest : plainRequest;
    if (proxy !== null) connectThrough(this.#agent, portal, proxy);
  }

  /** Begins a request. Either `answered` or `failed`, where the portal does not answer, is called once. */
  ask(
    { method, target, headers, signal }: PortalRequest,
    answered: (answer: IncomingMessage) => void,
    failed: () => void,
  ): ClientRequest {
    const agent = this.#agent;
    const asked = this.#request(new URL(target, this.#portal), { method, headers, agent, signal });
    let isOver = false;
    asked.once("response", (answer) => {
      isOver = true;
      answered(answer);
    });
    asked.setTimeout(SILENCE_MS, () => asked.destroy(new Error("the portal is silent")));
    // After an answer there is nobody left to tell: it is whole or cut off by itself.
    asked.on("error", () => undefined);
    // A switch to another protocol ends without an answer and without an error.
    asked.once("close", () => {
      if (!isOver) failed();
    });
    return asked;
  }

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
