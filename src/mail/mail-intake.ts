import type { OperatorLog } from "../http/index.js";
import type { Texts } from "../locales/index.js";
import { encryptMessage } from "../native/index.js";
import { FairQueue } from "../server/admission/index.js";
import { type Recipients, refusalFor } from "../server/index.js";
import { type Store, StoreError } from "../store/index.js";
import type { ArrivedMail } from "./arriving-mail.js";
import type { MailConfig } from "./config.js";
import { readLongMessage } from "./long-bodies.js";
import { createMailSubmission } from "./mail-letter.js";
import type { MessageIds } from "./message-ids.js";
import { openPgpMessages } from "./openpgp-parts.js";
import { SmtpRefusal } from "./smtp-refusal.js";

/** A longer message is parsed alone: it is in memory twice then. */
const MAX_SHORT_BYTES = 1024 * 1024;
/** A sending server waits ten minutes for its answer (RFC 5321 section 4.5.3.2.6). */
const WAIT_TIMEOUT_MS = 5 * 60 * 1000;
const SHORT = { parallel: 8, maxWaiting: 1_000, waitTimeoutMs: WAIT_TIMEOUT_MS };
const LONG = { parallel: 1, maxWaiting: 100, waitTimeoutMs: WAIT_TIMEOUT_MS };

export interface MailIntakeParts {
  readonly config: MailConfig;
  readonly store: Store;
  readonly recipients: Recipients;
  readonly ids: MessageIds;
  readonly texts: ReadonlyMap<string, Texts>;
  readonly log: OperatorLog;
  readonly now: () => Date;
}

/** Encrypts messages that have arrived and stores them, each once. */
export class MailIntake {
  readonly #parts: MailIntakeParts;
  readonly #short = new FairQueue(SHORT);
  readonly #long = new FairQueue(LONG);
  /** By digest: a message that two connections bring at once is stored by one of them. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(parts: MailIntakeParts) {
    this.#parts = parts;
  }

  /** Messages that are being stored, or wait for it. */
  get size(): number {
    return this.#underWay.size;
  }

  /**
   * Resolves when the message is durable.
   * @throws SmtpRefusal: then nothing of it is kept
   */
  async keep(mail: ArrivedMail, visitor: string | null): Promise<void> {
    const name = Buffer.from(mail.digest).toString("base64");
    const underWay = this.#underWay.get(name);
    if (underWay !== undefined) return underWay;
    const storing = this.#store(mail, visitor).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, storing);
    return storing;
  }

  async #store(mail: ArrivedMail, visitor: string | null): Promise<void> {
    const { log } = this.#parts;
    const queue = mail.part.size > MAX_SHORT_BYTES ? this.#long : this.#short;
    try {
      await queue.pass(visitor, () => this.#storeOnce(mail));
      log.mended("storing");
    } catch (cause) {
      const refusal = refusalFor(cause);
      if (refusal !== "busy") log.failing("storing", refusal, cause);
      throw new SmtpRefusal(refusal, { cause });
    }
  }

  async #storeOnce({ part, digest }: ArrivedMail): Promise<void> {
    const { config, store, recipients, ids, texts, now } = this.#parts;
    const [id, ...earlier] = await ids.of(digest);
    if (await isStored(store, [id, ...earlier])) return;
    const date = now();
    const usable = recipients.at(date);
    const message = await wholeOf(part.open(), part.size);
    const mail = await readLongMessage(message);
    const encrypted = mail === null ? [] : await openPgpMessages(mail, recipients);
    for (const [index, ciphertext] of encrypted.entries()) {
      const [own, ...before] = await ids.of(digest, index + 1);
      if (!(await isStored(store, [own, ...before])))
        await store.put(new Blob([new Uint8Array(ciphertext)]).stream(), own);
    }
    const contents = {
      message,
      mail,
      encryptedParts: encrypted.length,
      maxFiles: config.maxFiles,
    };
    const archive = createMailSubmission(contents, texts);
    // Last, because a message whose own id is there counts as stored.
    await store.put(await encryptMessage(archive.stream, usable, date, archive.size), id);
  }
}

async function isStored(store: Store, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) {
    const found = await store.find(id).catch((cause: unknown) => {
      if (cause instanceof StoreError && cause.code === "not_found") return null;
      throw cause;
    });
    if (found !== null) return true;
  }
  return false;
}

async function wholeOf(stream: ReadableStream<Uint8Array>, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of stream) {
    whole.set(chunk, filled);
    filled += chunk.length;
  }
  return whole;
}
