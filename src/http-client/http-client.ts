import { once } from "node:events";
import { type IncomingHttpHeaders, request as plainRequest, type RequestOptions } from "node:http";
import { request as tlsRequest } from "node:https";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import { connectBySocks, type SocksProxy } from "./socks.js";

/** Through Tor an answer may take its time. */
const PATIENCE = 30_000;
/** An answer that drips is given up after this, however it goes on. */
const LONGEST = 120_000;
/** What a stranger sends beyond this is not kept. */
const LONGEST_BODY = 1024 ** 2;

export interface Answer {
  readonly status: number;
  /** As Node joins them: of a name that comes twice, both values are there. */
  readonly headers: IncomingHttpHeaders;
  /** As they came, compressed or not. */
  readonly bytes: Buffer;
  /** Whether that is all of it, or the rest was not taken. */
  readonly whole: boolean;
  readonly body: string;
  /** When the server's TLS certificate ends, or null without TLS. */
  readonly certificateEnds: Date | null;
}

export interface Way {
  readonly socketPath?: string;
  readonly proxy?: SocksProxy | null;
  /** What is sent before the first request. */
  readonly preamble?: string;
}

/** One server to be asked, by an address, a Unix socket, or a SOCKS proxy. No answer is followed anywhere else. */
export class Asker {
  readonly url: URL;
  readonly #socketPath: string | null;
  readonly #proxy: SocksProxy | null;
  readonly #preamble: string | null;

  constructor(url: URL, way: Way = {}) {
    this.url = url;
    this.#socketPath = way.socketPath ?? null;
    this.#proxy = way.proxy ?? null;
    this.#preamble = way.preamble ?? null;
  }

  /** How to call it in a message. */
  get name(): string {
    return this.#socketPath === null ? this.url.origin : `unix:${this.#socketPath}`;
  }

  /**
   * @param most bytes of the body that are taken
   * @throws Error if nothing answers, or nothing that is HTTP, or not in time
   */
  async ask(path: string, headers: Readonly<Record<string, string>> = {}, most = LONGEST_BODY): Promise<Answer> {
    const { protocol, hostname, port } = this.url;
    const secure = protocol === "https:";
    const host = hostname.replace(/^\[|\]$/g, "");
    const socket = await this.#connect(host, Number(port === "" ? (secure ? 443 : 80) : port), secure);
    const options: RequestOptions = {
      host,
      port,
      path,
      headers,
      timeout: PATIENCE,
      ...(this.#socketPath === null ? {} : { socketPath: this.#socketPath }),
      // An agent would make a connection of its own.
      ...(socket === null ? { agent: false } : { createConnection: () => socket }),
    };
    return new Promise((resolve, reject) => {
      const request = (secure ? tlsRequest : plainRequest)(options, (answer) => {
        const { socket: line } = answer;
        const ends = line instanceof TLSSocket ? new Date(line.getPeerCertificate().valid_to) : null;
        const { statusCode: status = 0, headers } = answer;
        const chunks: Buffer[] = [];
        let length = 0;
        const finish = () => {
          clearTimeout(deadline);
          const bytes = Buffer.concat(chunks).subarray(0, most);
          const whole = length <= most;
          resolve({ status, headers, bytes, whole, body: bytes.toString("utf8"), certificateEnds: ends });
          answer.destroy();
        };
        answer.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > most) finish();
        });
        answer.on("end", finish).on("error", fail);
      });
      const fail = (cause: Error) => {
        clearTimeout(deadline);
        reject(cause);
      };
      const late = () => request.destroy(new Error("it took too long to answer"));
      const deadline = setTimeout(late, LONGEST);
      request.on("timeout", late);
      request.on("error", fail).end();
    });
  }

  /** A connection of its own kind, or null for one that the request makes by itself. */
  async #connect(host: string, port: number, secure: boolean): Promise<Socket | null> {
    if (this.#preamble !== null) {
      const socket = connect(this.#socketPath === null ? { host, port } : { path: this.#socketPath });
      await once(socket, "connect");
      socket.write(this.#preamble);
      return socket;
    }
    if (this.#proxy === null) return null;
    const socket = await connectBySocks(this.#proxy, host, port, PATIENCE);
    return secure ? connectTls({ socket, ...(isIP(host) === 0 ? { servername: host } : {}) }) : socket;
  }
}
