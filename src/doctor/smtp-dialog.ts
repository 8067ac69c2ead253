import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, TLSSocket } from "node:tls";
import type { Address } from "./listeners.js";

const TIMEOUT_MS = 30_000;
const MAX_REPLY_CHARS = 64 * 1024;

/** A few commands to a mail server (RFC 5321). It never sends a message. */
export class SmtpDialog {
  #socket: Socket;
  #received = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  /** @param tls whether the connection begins with TLS. @throws Error when nobody answers */
  static async open(
    address: Address,
    tls = false,
  ): Promise<{ readonly dialog: SmtpDialog; readonly greeting: string }> {
    const plain = "path" in address ? connect(address.path) : connect(address.port, address.host);
    plain.setTimeout(TIMEOUT_MS, () => plain.destroy(new Error("the mail server took too long to answer")));
    await once(plain, "connect");
    // What the certificate is good for is judged afterwards.
    const socket = tls ? connectTls({ socket: plain, rejectUnauthorized: false }) : plain;
    if (tls) await once(socket, "secureConnect");
    const dialog = new SmtpDialog(socket);
    return { dialog, greeting: await dialog.#reply() };
  }

  /** Returns the whole reply. @throws Error when the connection ends */
  async say(command: string): Promise<string> {
    this.#socket.write(`${command}\r\n`);
    return this.#reply();
  }

  /** Null without TLS. */
  get certificate(): PeerCertificate | null {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerCertificate() : null;
  }

  /** Returns the certificate, which may be anybody's. @throws Error if there is no TLS */
  async startTls(): Promise<PeerCertificate> {
    const answer = await this.say("STARTTLS");
    if (!answer.startsWith("220")) throw new Error("the mail server refuses STARTTLS");
    this.#socket.removeAllListeners("data");
    // What the certificate is good for is judged afterwards.
    const secure = connectTls({ socket: this.#socket, rejectUnauthorized: false });
    await once(secure, "secureConnect");
    this.#socket = secure;
    this.#listen();
    return secure.getPeerCertificate();
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on("data", (chunk: Buffer) => {
      this.#received = (this.#received + chunk.toString("latin1")).slice(-MAX_REPLY_CHARS);
    });
    this.#socket.on("error", () => undefined);
  }

  async #reply(): Promise<string> {
    for (;;) {
      const whole = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/.exec(this.#received)?.[0];
      if (whole !== undefined) {
        this.#received = this.#received.slice(whole.length);
        return whole.trimEnd();
      }
      if (this.#socket.destroyed) throw new Error("the mail server ended the connection");
      const socket = this.#socket;
      await new Promise<void>((resolve) => {
        const wake = () => {
          socket.off("data", wake).off("close", wake);
          resolve();
        };
        socket.once("data", wake).once("close", wake);
      });
    }
  }
}
