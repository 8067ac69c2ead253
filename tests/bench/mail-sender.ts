import { once } from "node:events";
import { connect, type Socket } from "node:net";

let sent = 0;

/** One connection of a server that delivers mail, as quick as a client can be. */
export class MailSender {
  readonly #socket: Socket;
  readonly #to: string;
  #received = "";
  #wake: () => void = () => undefined;

  private constructor(socket: Socket, to: string) {
    this.#socket = socket;
    this.#to = to;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.#received += chunk.toString("latin1");
      this.#wake();
    });
    socket.on("error", () => undefined);
  }

  static async connect(url: string, to: string): Promise<MailSender> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const sender = new MailSender(socket, to);
    await sender.#replies(1);
    socket.write("EHLO bench.test\r\n");
    await sender.#replies(1);
    return sender;
  }

  /** @param body with lines that end in CR LF and do not begin with a dot. @throws Error unless it is stored */
  async send(body: Uint8Array): Promise<void> {
    this.#socket.write(`MAIL FROM:<a@example.com>\r\nRCPT TO:<${this.#to}>\r\nDATA\r\n`);
    await this.#replies(3);
    sent += 1;
    this.#socket.write(`From: a@example.com\r\nMessage-ID: <${process.pid}-${sent}@bench.test>\r\n`);
    this.#socket.write(body);
    this.#socket.write(".\r\n");
    const answer = await this.#replies(1);
    if (!answer.startsWith("250")) throw new Error(`the letter was answered with ${answer}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  async #replies(count: number): Promise<string> {
    for (;;) {
      const ends = [...this.#received.matchAll(/^\d{3} .*\r\n/gm)];
      const last = ends[count - 1];
      if (last !== undefined) {
        const found = this.#received.slice(0, last.index + last[0].length);
        this.#received = this.#received.slice(found.length);
        return found;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Headers and parts after the first lines: a text and a document, `bytes` in all. */
export function mailBody(bytes: number): Buffer {
  const head = [
    "Subject: bench",
    "MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "Письмо",
    "--b",
    "Content-Type: image/jpeg; name=photo.jpg",
    "Content-Transfer-Encoding: base64",
    "",
    "",
  ].join("\r\n");
  const line = `${"QUJD".repeat(19)}\r\n`;
  const lines = Math.max(1, Math.floor((bytes - head.length) / line.length));
  return Buffer.from(`${head}${line.repeat(lines)}--b--\r\n`);
}
