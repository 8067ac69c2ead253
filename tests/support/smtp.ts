import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

/** An SMTP client that says exactly what a test wants said. */
export class SmtpClient {
  #socket: Socket | TLSSocket;
  #received = "";
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** @param address `HOST:PORT` or the path of a Unix socket */
  static async connect(address: string): Promise<SmtpClient> {
    const [host = "", port] = address.split(":");
    const socket = port === undefined ? connect(address) : connect(Number(port), host);
    const client = new SmtpClient(socket);
    await once(socket, "connect");
    return client;
  }

  /** Connects, waits for the greeting and introduces itself. */
  static async greeted(address: string, hello = "EHLO"): Promise<SmtpClient> {
    const client = await SmtpClient.connect(address);
    await client.reply();
    await client.say(`${hello} client.test`);
    return client;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The next reply, of one line or more; empty if the connection ends first. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[^\n]*\r\n)*\d{3}(?: [^\n]*)?\r\n/.exec(this.#received);
      if (match !== null) {
        this.#received = this.#received.slice(match[0].length);
        return match[0].trimEnd();
      }
      if (this.#closed) return "";
      const socket = this.#socket;
      await new Promise<void>((resolve) => {
        const done = () => {
          socket.off("data", done).off("close", done);
          resolve();
        };
        socket.once("data", done).once("close", done);
      });
    }
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  async startTls(): Promise<string> {
    const answer = await this.say("STARTTLS");
    if (!answer.startsWith("220")) return answer;
    this.#socket.removeAllListeners("data").removeAllListeners("close");
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false });
    this.#listen(secured);
    await once(secured, "secureConnect");
    this.#socket = secured;
    return this.say("EHLO client.test");
  }

  /** The certificate that the server shows, in hex. */
  get fingerprint(): string {
    return "getPeerCertificate" in this.#socket ? this.#socket.getPeerCertificate().fingerprint256 : "";
  }

  /** Says all of one message. Returns the last reply, or the first that refuses. */
  async send(from: string, to: readonly string[], message: string | Uint8Array): Promise<string> {
    for (const line of [`MAIL FROM:<${from}>`, ...to.map((each) => `RCPT TO:<${each}>`)]) {
      const answer = await this.say(line);
      if (!answer.startsWith("2")) return answer;
    }
    const answer = await this.say("DATA");
    if (!answer.startsWith("354")) return answer;
    const stuffed = dotStuffed(message);
    this.write(stuffed);
    this.write(stuffed.toString("latin1").endsWith("\r\n") ? ".\r\n" : "\r\n.\r\n");
    return this.reply();
  }

  end(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.on("data", (chunk: Buffer) => {
      this.#received += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#closed = true;
    });
  }
}

/** RFC 5321 section 4.5.2. */
export function dotStuffed(message: string | Uint8Array): Buffer {
  const text = Buffer.from(message).toString("latin1");
  return Buffer.from(text.replace(/(^|\r\n)\./g, "$1.."), "latin1");
}
