import { deriveDraftAddress, deriveReplyAddress, fromHex, type ReplyAddress } from "../core/index.js";
import { openReply } from "../openpgp/index.js";
import { ask } from "./ask.js";
import { backoffMs, waitForRetry } from "./backoff.js";
import { download } from "./download.js";
import type { Command, ReplyView } from "./messages.js";

interface Listed {
  readonly replies: readonly { readonly id: string; readonly day: string; readonly bytes: number }[];
  /** There are replies after these. */
  readonly more?: true;
}

const LIMIT_MS = 8_000;
/** A fresh connection may pass where the last one did not. */
const MAX_ATTEMPTS = 4;

/** A submitter's mailbox on the server, which gets the mailbox id but never the code or the key. */
export class Mailbox {
  readonly #server: URL;
  readonly #address: ReplyAddress;
  readonly #narrow: boolean;

  private constructor(server: URL, address: ReplyAddress, narrow: boolean) {
    this.#server = server;
    this.#address = address;
    this.#narrow = narrow;
  }

  /** @throws ReceiptCodeError */
  static async of({ code, portalSalt, server, narrow, draft }: Extract<Command, { kind: "read" }>): Promise<Mailbox> {
    const derive = draft ? deriveDraftAddress : deriveReplyAddress;
    return new Mailbox(new URL(server), await derive(code, fromHex(portalSalt)), narrow);
  }

  /** @throws TypeError or StallError when the server cannot be reached; Error when it refuses */
  async read(): Promise<ReplyView[]> {
    const read: ReplyView[] = [];
    for (const listed of await this.#list()) read.push(await this.#open(listed));
    return read;
  }

  /** @throws as {@link read} */
  async remove(reply: string): Promise<void> {
    await this.#ask("DELETE", `/${reply}`);
  }

  async #list(): Promise<Listed["replies"]> {
    const all: Listed["replies"][number][] = [];
    for (let more = true; more; ) {
      const page = (await (await this.#ask("GET", `?from=${all.length}`)).json()) as Listed;
      all.push(...page.replies);
      more = page.more === true && page.replies.length > 0;
    }
    return all;
  }

  async #open({ id, day, bytes }: Listed["replies"][number]): Promise<ReplyView> {
    const nothing = { id, day, text: null, opened: null, files: [] };
    // Only where the ciphertext cannot be had is the server out of reach; what cannot be opened is damaged.
    let lost: unknown = null;
    const ciphertext = download(this.#url(`/${id}`), {
      bytes,
      narrow: this.#narrow,
      onLost: (cause) => {
        lost = cause;
      },
    });
    try {
      const { text, files, opened } = await openReply(ciphertext, this.#address.key);
      // A generic type: the browser saves the file and never renders it.
      const type = "application/octet-stream";
      const contents = files.map(({ name, content }) => ({ name, content: new Blob([content], { type }) }));
      return { id, day, text, opened, files: contents };
    } catch {
      if (lost !== null) throw lost;
      return nothing;
    }
  }

  async #ask(method: string, path: string): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await ask(this.#url(path), { method, limitMs: LIMIT_MS });
        if (answer.ok) return answer;
        throw new Error(`the server answered ${answer.status}`);
      } catch (cause) {
        if (attempt === MAX_ATTEMPTS) throw cause;
      }
      await waitForRetry(backoffMs(attempt));
    }
  }

  #url(path: string): URL {
    return new URL(`/mailbox/${this.#address.mailbox}${path}`, this.#server);
  }
}
