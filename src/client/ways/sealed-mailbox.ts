import { MAX_REPLY_BYTES } from "../../core/index.js";
import type { ListedReply } from "../../seal/index.js";
import type { PortalQuestions } from "./portal-questions.js";

/** A message is a little longer than its archive: docs/FORMAT.md section 9. */
const MAX_MESSAGE_BYTES = MAX_REPLY_BYTES + 64 * 1024;
const MAX_REPLIES = 1_000;
const PATH = /^\/mailbox\/([a-z2-7]{32})(?:\/([0-9a-f]{32}))?$/;

interface Fetched {
  readonly listed: ListedReply;
  readonly ciphertext: Blob;
}

/**
 * A mailbox as it was when all of it was fetched. The worker above reads it by the requests that it would make of its
 * own server, which are answered from here.
 */
export class SealedMailbox {
  readonly #portal: Pick<PortalQuestions, "ask" | "cover">;
  #mailbox: string | null = null;
  #replies: readonly Fetched[] = [];

  constructor(portal: Pick<PortalQuestions, "ask" | "cover">) {
    this.#portal = portal;
  }

  /** @throws TypeError where no way leads to the portal */
  async fetchAll(mailbox: string): Promise<void> {
    this.#mailbox = null;
    this.#replies = [];
    const replies: Fetched[] = [];
    for (const listed of await this.#list(mailbox)) {
      const ciphertext = await this.#read(mailbox, listed);
      if (ciphertext !== null) replies.push({ listed, ciphertext });
    }
    await this.#portal.cover(mailbox);
    this.#mailbox = mailbox;
    this.#replies = replies;
  }

  /** Deletes `reply`, and fetches what is left. @throws TypeError where no way leads to the portal */
  async remove(reply: string): Promise<void> {
    const mailbox = this.#mailbox;
    const day = this.#replies.find(({ listed }) => listed.id === reply)?.listed.day;
    if (mailbox === null || day === undefined) throw new TypeError("nothing of the kind was fetched");
    await this.#portal.ask({ kind: "remove", mailbox, reply, day });
    await this.fetchAll(mailbox);
  }

  /** The answer to what the worker asks of its server about a mailbox; null for anything else. */
  answer({ pathname }: URL, { method = "GET" }: RequestInit): Response | null {
    const [, mailbox, reply] = PATH.exec(pathname) ?? [];
    if (mailbox === undefined) return null;
    if (mailbox !== this.#mailbox) return new Response(null, { status: 404 });
    if (reply === undefined) {
      return new Response(JSON.stringify({ replies: this.#replies.map(({ listed }) => listed) }));
    }
    // Deleted already: see remove().
    if (method === "DELETE") return new Response(null, { status: 204 });
    const found = this.#replies.find(({ listed }) => listed.id === reply);
    return found === undefined ? new Response(null, { status: 404 }) : new Response(found.ciphertext);
  }

  async #list(mailbox: string): Promise<readonly ListedReply[]> {
    const all: ListedReply[] = [];
    for (let more = true; more && all.length < MAX_REPLIES; ) {
      const answer = await this.#portal.ask({ kind: "list", mailbox, from: all.length });
      if (answer.kind !== "replies") throw new TypeError("this is no list");
      all.push(...answer.replies);
      more = answer.more && answer.replies.length > 0;
    }
    return all;
  }

  /** Null for one that is gone by now. */
  async #read(mailbox: string, { id, bytes }: ListedReply): Promise<Blob | null> {
    if (bytes > MAX_MESSAGE_BYTES) return null;
    const parts: Blob[] = [];
    for (let from = 0; from < bytes; ) {
      const answer = await this.#portal.ask({ kind: "read", mailbox, reply: id, from });
      if (answer.kind !== "bytes" || answer.bytes.length === 0) return null;
      parts.push(new Blob([answer.bytes]));
      from += answer.bytes.length;
    }
    return new Blob(parts);
  }
}
