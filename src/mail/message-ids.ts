import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { DAY_MS, dayOf, Fault, fieldsOf, readJson, startOfDay } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";
import { writeDurably } from "./durable-file.js";

const KEY_BYTES = 32;
const KEY = /^[0-9a-f]{64}$/;
/** Today and the two days before: a message that comes again within two days is known. */
const DAYS = 3;
const ID_DIGITS = 32;

export class MessageIdsError extends Fault<"unreadable"> {}

/**
 * Gives each message the id of its submission: a keyed hash of what identifies it. So a message that comes twice is
 * found in the store by its id. The key changes every day and is deleted after two more: then nobody can tell any more
 * which message an id belongs to.
 */
export class MessageIds {
  readonly #path: string;
  readonly #now: () => Date;
  /** By day, as YYYY-MM-DD. */
  #keys: ReadonlyMap<string, Buffer>;
  #saving: Promise<void> | null = null;

  private constructor(path: string, now: () => Date, keys: ReadonlyMap<string, Buffer>) {
    this.#path = path;
    this.#now = now;
    this.#keys = keys;
  }

  /** @throws MessageIdsError if the file at `path` is there and holds something else */
  static async open(path: string, now: () => Date = () => new Date()): Promise<MessageIds> {
    const text = await readFile(path, "utf8").catch(nullIfMissing);
    return new MessageIds(path, now, readKeys(text ?? "{}", path));
  }

  /**
   * The ids that a message may have, the one of today first.
   * @param digest of what identifies the message
   * @param part 0 for the message itself, from 1 for what is taken out of it
   */
  async of(digest: Uint8Array, part = 0): Promise<readonly [string, ...string[]]> {
    const keys = await this.#current();
    const ids = keys.map((key) => createHmac("sha256", key).update(digest).update(String(part)).digest("hex"));
    const [first, ...others] = ids.map((id) => id.slice(0, ID_DIGITS));
    if (first === undefined) throw new Error("there is a key of today");
    return [first, ...others];
  }

  /** Deletes the keys of earlier days, also when no message comes. */
  async expire(): Promise<void> {
    await this.#current();
  }

  async #current(): Promise<readonly Buffer[]> {
    const today = startOfDay(this.#now());
    const days = Array.from({ length: DAYS }, (_, back) => dayOf(new Date(today.getTime() - back * DAY_MS)));
    if (!this.#keys.has(days[0] ?? "") || [...this.#keys.keys()].some((day) => !days.includes(day))) {
      this.#saving ??= this.#renew(days).finally(() => {
        this.#saving = null;
      });
      await this.#saving;
    }
    return days.flatMap((day) => this.#keys.get(day) ?? []);
  }

  /** The keys must be on the disk before an id is made with them. */
  async #renew(days: readonly string[]): Promise<void> {
    const [today = ""] = days;
    const kept = [...this.#keys].filter(([day]) => days.includes(day) && day !== today);
    const keys = new Map([[today, this.#keys.get(today) ?? randomBytes(KEY_BYTES)], ...kept]);
    const text = JSON.stringify(Object.fromEntries([...keys].map(([day, key]) => [day, key.toString("hex")])));
    await writeDurably(this.#path, text, this.#now());
    this.#keys = keys;
  }
}

function readKeys(text: string, path: string): Map<string, Buffer> {
  const damaged = (cause?: unknown) =>
    new MessageIdsError("unreadable", `${path} is damaged; remove it: letters may be stored twice today`, { cause });
  return new Map(
    Object.entries(fieldsOf(readJson(text, damaged))).map(([day, key]) => {
      if (typeof key !== "string" || !KEY.test(key)) throw damaged();
      return [day, Buffer.from(key, "hex")];
    }),
  );
}
