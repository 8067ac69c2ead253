import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dayOf, fieldsOf, readJson } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";
import { writeDurably } from "./durable-file.js";

const KEY_BYTES = 32;
const KEY = /^[0-9a-f]{64}$/;
const HASH = /^[0-9a-f]{32}$/;
const HASH_DIGITS = 32;
/** In one day. Nobody gets an answer after that until the next. */
const MAX_ANSWERS = 2_000;

interface Day {
  readonly day: string;
  readonly key: Buffer;
  readonly hashes: ReadonlySet<string>;
}

/**
 * Who has had an answer today: a hash of each address, under a key that is deleted with them when another day begins.
 * A file that cannot be read counts as full: rather no answer than two.
 */
export class AnsweredSenders {
  readonly #path: string;
  readonly #now: () => Date;
  #today: Day;
  #saving: Promise<unknown> = Promise.resolve();

  private constructor(path: string, now: () => Date, today: Day) {
    this.#path = path;
    this.#now = now;
    this.#today = today;
  }

  static async open(path: string, now: () => Date = () => new Date()): Promise<AnsweredSenders> {
    const text = await readFile(path, "utf8").catch(nullIfMissing);
    return new AnsweredSenders(path, now, text === null ? newDay("") : readDay(text, dayOf(now())));
  }

  /** Whether `address` has had none today; from then on it has. That is on the disk when this resolves. */
  async isFirst(address: string): Promise<boolean> {
    const turn = this.#saving.then(() => this.#take(address));
    this.#saving = turn.catch(() => undefined);
    return turn;
  }

  async #take(address: string): Promise<boolean> {
    await this.expire();
    const { key, hashes } = this.#today;
    const hash = createHmac("sha256", key).update(address.toLowerCase()).digest("hex").slice(0, HASH_DIGITS);
    if (hashes.has(hash) || hashes.size >= MAX_ANSWERS) return false;
    await this.#save({ ...this.#today, hashes: new Set([...hashes, hash]) });
    return true;
  }

  /** Deletes the key and the hashes of an earlier day, also when no message comes. */
  async expire(): Promise<void> {
    const day = dayOf(this.#now());
    if (this.#today.day === day) return;
    const before = this.#today;
    if (before.day === "") this.#today = newDay(day);
    else await this.#save(newDay(day));
  }

  async #save(today: Day): Promise<void> {
    const { day, key, hashes } = today;
    const text = JSON.stringify({ day, key: key.toString("hex"), hashes: [...hashes].sort() });
    await writeDurably(this.#path, text, this.#now());
    this.#today = today;
  }
}

function newDay(day: string): Day {
  return { day, key: randomBytes(KEY_BYTES), hashes: new Set() };
}

function readDay(text: string, today: string): Day {
  try {
    const { day, key, hashes } = fieldsOf(readJson(text, () => new Error("not JSON")));
    if (typeof day !== "string" || typeof key !== "string" || !KEY.test(key)) throw new Error("not ours");
    if (!Array.isArray(hashes) || !hashes.every((hash) => HASH.test(String(hash)))) throw new Error("not ours");
    return { day, key: Buffer.from(key, "hex"), hashes: new Set(hashes.map(String)) };
  } catch {
    const full = Array.from({ length: MAX_ANSWERS }, (_, index) => String(index));
    return { ...newDay(today), hashes: new Set(full) };
  }
}
