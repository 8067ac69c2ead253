import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Answer, decode, encode } from "dns-packet";

/** The TXT, A and MX records of a test, by `NAME TYPE`. A name that is not there does not exist. */
export type Zone = Readonly<Record<string, readonly string[]>>;

const NXDOMAIN = 3;
const AUTHORITATIVE = 1 << 10;

/** A DNS server on loopback that knows one zone, and what it was asked. */
export class TestDns {
  readonly #socket: Socket;
  readonly asked: string[] = [];
  zone: Zone;
  /** Whether it says nothing, as a server that is down. */
  silent = false;

  private constructor(socket: Socket, zone: Zone) {
    this.#socket = socket;
    this.zone = zone;
    socket.on("message", (query, { port, address }) => {
      const { id, questions = [] } = decode(query);
      const [question] = questions;
      if (question === undefined) return;
      this.asked.push(`${question.name} ${question.type}`);
      if (this.silent) return;
      const found = this.zone[`${question.name.toLowerCase()} ${question.type}`] ?? [];
      const answers = found.map((data) => ({ ...question, ttl: 1, data: dataOf(question.type, data) }) as Answer);
      const flags = AUTHORITATIVE | (found.length === 0 ? NXDOMAIN : 0);
      socket.send(encode({ type: "response", id, flags, questions, answers }), port, address);
    });
  }

  static async start(zone: Zone): Promise<TestDns> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new TestDns(socket, zone);
  }

  /** As POSTERN_MAIL_RESOLVER names it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  stop(): void {
    this.#socket.close();
  }
}

/** A TXT record holds strings of at most 255 bytes. */
function dataOf(type: string, data: string): unknown {
  if (type === "TXT") return data.match(/.{1,255}/g) ?? [""];
  return type === "MX" ? { preference: 10, exchange: data } : data;
}
