import { BlockDigest, foreignCaseId, headOf } from "../core/index.js";
import type { OperatorLog } from "../http/index.js";
import type { Texts } from "../locales/index.js";
import { encryptMessage } from "../native/index.js";
import { FairQueue } from "../server/admission/index.js";
import { refusalFor } from "../server/index.js";
import { type Recipients, requireOurs } from "../server/recipients/index.js";
import type { SpooledPart } from "../spool/index.js";
import { type Store, StoreError } from "../store/index.js";
import type { StoredMail } from "./answerable.js";
import type { ArrivedMail } from "./arriving-mail.js";
import type { MailConfig } from "./config.js";
import { createMailSubmission } from "./mail-letter.js";
import { MailReader, MailReaderError } from "./mail-reader.js";
import type { ReadAnswer } from "./mail-thread.js";
import { headOfMessage, MAX_HEAD_BYTES } from "./message-head.js";
import type { MessageIds } from "./message-ids.js";
import type { EncryptedPart } from "./read-letter.js";
import type { Envelope, SenderRecords } from "./sender-records.js";
import { SmtpRefusal } from "./smtp-refusal.js";

/** A longer message is parsed alone: it is in memory twice then. */
const MAX_SHORT_BYTES = 1024 * 1024;
/** A sending server waits ten minutes for its answer (RFC 5321 section 4.5.3.2.6). */
const WAIT_TIMEOUT_MS = 5 * 60 * 1000;
const SHORT = { parallel: 8, maxWaiting: 1_000, waitTimeoutMs: WAIT_TIMEOUT_MS };
/** More at once would take more memory and save no time. */
const PARSING = { parallel: 1, maxWaiting: 1_000, waitTimeoutMs: WAIT_TIMEOUT_MS };
/** Each waits for the DNS, and takes no memory meanwhile. */
const LOOKUPS = { parallel: 64, maxWaiting: 1_000, waitTimeoutMs: WAIT_TIMEOUT_MS };
const LONG = { parallel: 1, maxWaiting: 100, waitTimeoutMs: WAIT_TIMEOUT_MS };

export interface MailIntakeParts {
  readonly config: MailConfig;
  readonly store: Store;
  readonly recipients: Recipients;
  readonly ids: MessageIds;
  readonly texts: ReadonlyMap<string, Texts>;
  readonly log: OperatorLog;
  /** The moment whose keys are encrypted to. */
  readonly keyDate: () => Date;
  /** How long taking one message apart may take; for tests. */
  readonly readTimeoutMs?: number;
}

/** Encrypts messages that have arrived and stores them, each once. */
export class MailIntake {
  readonly #parts: MailIntakeParts;
  readonly #short = new FairQueue(SHORT);
  readonly #long = new FairQueue(LONG);
  readonly #parsing = new FairQueue(PARSING);
  readonly #reader: MailReader;
  readonly #lookups = new FairQueue(LOOKUPS);
  /** By digest: a message that two connections bring at once is stored by one of them. */
  readonly #underWay = new Map<string, Promise<StoredMail | null>>();

  constructor(parts: MailIntakeParts) {
    this.#parts = parts;
    this.#reader = new MailReader(parts.readTimeoutMs);
  }

  /** Messages that are being stored, or wait for it. */
  get size(): number {
    return this.#underWay.size;
  }

  /** Ends the thread that takes messages apart. */
  close(): Promise<void> {
    return this.#reader.close();
  }

  /**
   * Resolves when the message is durable: with what is known of it, or null if it was stored before.
   * @throws SmtpRefusal: then nothing of it is kept
   */
  async keep(mail: ArrivedMail, visitor: string | null, envelope: Envelope): Promise<StoredMail | null> {
    const name = Buffer.from(mail.digest).toString("base64");
    const underWay = this.#underWay.get(name);
    if (underWay !== undefined) return underWay;
    const storing = this.#store(mail, visitor, envelope).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, storing);
    return storing;
  }

  async #store(mail: ArrivedMail, visitor: string | null, envelope: Envelope): Promise<StoredMail | null> {
    const { log } = this.#parts;
    const queue = mail.part.size > MAX_SHORT_BYTES ? this.#long : this.#short;
    try {
      const records = await this.#lookUp(mail.part, visitor, envelope);
      const stored = await queue.pass(visitor, () => this.#storeOnce(mail, visitor, records));
      log.mended("storing");
      return stored === null ? null : { ...stored, from: envelope.from };
    } catch (cause) {
      const refusal = refusalFor(cause);
      if (refusal !== "busy") log.failing("storing", refusal, cause);
      throw new SmtpRefusal(refusal, { cause });
    }
  }

  async #storeOnce(
    { part, digest }: ArrivedMail,
    visitor: string | null,
    records: SenderRecords | null,
  ): Promise<Omit<StoredMail, "from"> | null> {
    const { config, store, recipients, ids, texts, keyDate } = this.#parts;
    const [id, ...earlier] = await ids.of(digest);
    if (await isStored(store, [id, ...earlier])) return null;
    const date = keyDate();
    const usable = recipients.at(date);
    const { message, mail, sender } = await this.#read(part, visitor, records);
    const encrypted = (mail?.encrypted ?? []).filter((each) => isForUs(each, recipients));
    for (const [index, { ciphertext }] of encrypted.entries()) {
      const [own, ...before] = await ids.of(digest, index + 1);
      if (!(await isStored(store, [own, ...before]))) await store.put(new Blob([ciphertext]).stream(), own);
    }
    const contents = {
      message,
      mail,
      sender,
      // As the desk gives them to messages that it opens by themselves.
      encrypted: await Promise.all(
        encrypted.map(async ({ ciphertext }) => foreignCaseId(await BlockDigest.of([ciphertext]))),
      ),
      maxFiles: config.maxFiles,
    };
    const archive = createMailSubmission(contents, texts);
    // Last, because a message whose own id is there counts as stored.
    await store.put(await encryptMessage(archive.stream, usable, date, archive.size), id);
    return { head: headOfMessage(message), mail, sender };
  }

  /** Null where senders are not checked, or nothing can be found out. */
  async #lookUp(part: SpooledPart, visitor: string | null, envelope: Envelope): Promise<SenderRecords | null> {
    const { resolvers } = this.#parts.config;
    if (resolvers === null) return null;
    const { head: bytes, stream } = await headOf(part.open(), MAX_HEAD_BYTES);
    await stream.cancel();
    const head = headOfMessage(bytes);
    if (head === null) return null;
    return this.#lookups
      .pass(visitor, () => this.#reader.lookup(head, envelope, resolvers))
      .catch((cause: unknown) => {
        if (cause instanceof MailReaderError) return null;
        throw cause;
      });
  }

  /** A message that ends the thread which takes it apart is kept whole. */
  async #read(part: SpooledPart, visitor: string | null, records: SenderRecords | null): Promise<ReadAnswer> {
    const { log } = this.#parts;
    const message = await wholeOf(part.open(), part.size);
    try {
      const read = await this.#parsing.pass(visitor, () => this.#reader.read(message, records));
      log.mended("reading");
      return read;
    } catch (cause) {
      if (!(cause instanceof MailReaderError)) throw cause;
      log.failing("reading", cause.code, cause);
      return { message: await wholeOf(part.open(), part.size), mail: null, sender: null };
    }
  }
}

/** A message to somebody else stays a document of the mail. */
function isForUs({ recipients: named }: EncryptedPart, recipients: Recipients): boolean {
  try {
    requireOurs(named, recipients);
    return true;
  } catch {
    return false;
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
