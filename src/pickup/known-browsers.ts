import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { DAY_MS, dayOf, randomHex } from "../core/index.js";
import type { Account } from "./account.js";
import type { StaffFolder } from "./ledger/index.js";
import { isSame } from "./sessions.js";

const FILE = "browsers.json";
const KEY_BYTES = 32;
/** How long a browser keeps its token after a sign-in, ms. */
export const TOKEN_LIFETIME_MS = 365 * DAY_MS;
/** A new key signs tokens from this age of the last one on, ms. */
const ROTATION_MS = 180 * DAY_MS;

const key = z.object({ secret: z.base64().length(44), since: z.iso.date() });
const file = z.object({ version: z.literal(1), keys: z.array(key) });
type SigningKey = z.infer<typeof key>;

/**
 * Recognises the browsers from which an account has signed in, by a signed token that each of them keeps. The keys are
 * in the staff folder, so that browsers are known after a restart. A key signs for {@link ROTATION_MS}, and is deleted
 * once its last token has expired.
 */
export class KnownBrowsers {
  readonly #folder: StaffFolder;
  readonly #now: () => Date;

  constructor(folder: StaffFolder, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  /** Whether `token` was issued to this account. @throws StaffFolderError */
  async knows(account: Account, token: string): Promise<boolean> {
    const id = token.split(".")[0] ?? "";
    return (await this.#keys()).some((each) => isSame(token, tokenFor(account, id, each)));
  }

  /**
   * A token for a browser that has just signed in.
   * @param known the token by which it was recognised, or null for a new browser
   * @throws StaffFolderError
   */
  async issue(account: Account, known: string | null): Promise<string> {
    const id = known?.split(".")[0] ?? randomHex(16);
    return tokenFor(account, id, (await this.#signingKey()) ?? (await this.#makeSigningKey()));
  }

  async #signingKey(): Promise<SigningKey | null> {
    const last = (await this.#keys()).at(-1);
    return last !== undefined && this.#ageMs(last) < ROTATION_MS ? last : null;
  }

  async #makeSigningKey(): Promise<SigningKey> {
    return this.#folder.change(async () => {
      // Another request or process may have made one in the meantime.
      const current = await this.#signingKey();
      if (current !== null) return current;
      const keys = await this.#keys();
      const made = { secret: randomBytes(KEY_BYTES).toString("base64"), since: dayOf(this.#now()) };
      await this.#folder.write(FILE, `${JSON.stringify({ version: 1, keys: [...keys, made] }, null, 2)}\n`);
      return made;
    });
  }

  /** The keys whose tokens may still be valid, the newest last. Where the file is damaged, no browser is known. */
  async #keys(): Promise<readonly SigningKey[]> {
    const text = await this.#folder.read(FILE);
    if (text === null) return [];
    return read(text).filter((each) => this.#ageMs(each) < ROTATION_MS + TOKEN_LIFETIME_MS);
  }

  #ageMs({ since }: SigningKey): number {
    return this.#now().getTime() - Date.parse(since);
  }
}

function read(text: string): readonly SigningKey[] {
  try {
    return file.parse(JSON.parse(text)).keys;
  } catch {
    return [];
  }
}

/** Names the account by its id: an account that was removed and added again has no known browser. */
function tokenFor(account: Account, id: string, { secret }: SigningKey): string {
  const mac = createHmac("sha256", Buffer.from(secret, "base64")).update(`${account.id} ${id}`).digest("hex");
  return `${id}.${mac}`;
}
