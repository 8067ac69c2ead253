import { deriveReplyAddress, type ReplyAddress } from "../core/index.js";
import { openReply } from "../openpgp/index.js";
import type { ReplyView } from "./messages.js";

interface Listed {
  readonly replies: readonly { readonly id: string; readonly day: string }[];
}

/** A submitter's mailbox on the server, which gets the mailbox id but never the code or the key. */
export class Mailbox {
  readonly #server: URL;
  readonly #address: ReplyAddress;

  private constructor(server: URL, address: ReplyAddress) {
    this.#server = server;
    this.#address = address;
  }

  /** @param portalSalt 16 bytes @throws ReceiptCodeError */
  static async of(code: string, portalSalt: Uint8Array, server: string): Promise<Mailbox> {
    return new Mailbox(new URL(server), await deriveReplyAddress(code, portalSalt));
  }

  /** @throws TypeError when the server cannot be reached; Error when it refuses */
  async read(): Promise<ReplyView[]> {
    const { replies } = (await (await this.#ask("GET", "")).json()) as Listed;
    const read: ReplyView[] = [];
    for (const { id, day } of replies) read.push(await this.#open(id, day));
    return read;
  }

  /** @throws as {@link read} */
  async remove(reply: string): Promise<void> {
    await this.#ask("DELETE", `/${reply}`);
  }

  async #open(id: string, day: string): Promise<ReplyView> {
    const { body } = await this.#ask("GET", `/${id}`);
    if (body === null) return { id, day, text: null, files: [] };
    try {
      const { text, files } = await openReply(body, this.#address.key);
      // A generic type: the browser saves the file and never renders it.
      const type = "application/octet-stream";
      return {
        id,
        day,
        text,
        files: files.map(({ name, content }) => ({ name, content: new Blob([content], { type }) })),
      };
    } catch {
      return { id, day, text: null, files: [] };
    }
  }

  async #ask(method: string, path: string): Promise<Response> {
    const url = new URL(`/mailbox/${this.#address.mailbox}${path}`, this.#server);
    const answer = await fetch(url, {
      method,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer;
  }
}
