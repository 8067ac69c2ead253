import { z } from "zod";
import { Fault } from "../core/index.js";
import {
  type Account,
  account,
  accountOfNobody,
  createAccount,
  MIN_PASSPHRASE_LENGTH,
  NAME,
  type Role,
  totpStep,
} from "./account.js";
import { type StaffFolder, StaffFolderError } from "./ledger/index.js";

const FILE = "accounts.json";
const file = z.object({ version: z.literal(1), accounts: z.array(account) });

export class StaffError extends Fault<"bad_name" | "short_passphrase" | "exists" | "unknown" | "last_manager"> {}

/** The staff accounts, in one file of the staff folder. */
export class Staff {
  readonly #folder: StaffFolder;

  constructor(folder: StaffFolder) {
    this.#folder = folder;
  }

  /** Sorted by name. @throws StaffFolderError */
  async list(): Promise<readonly Account[]> {
    const text = await this.#folder.read(FILE);
    if (text === null) return [];
    try {
      return file.parse(JSON.parse(text)).accounts;
    } catch (cause) {
      throw new StaffFolderError("damaged", `${FILE} of the staff folder is damaged; put it back from a backup`, {
        cause,
      });
    }
  }

  /** @throws StaffError or StaffFolderError */
  async add(name: string, role: Role, passphrase: string): Promise<Account> {
    if (!NAME.test(name)) {
      throw new StaffError(
        "bad_name",
        "a name has small Latin letters, digits, dots and dashes, at most 32, a letter first",
      );
    }
    if (passphrase.length < MIN_PASSPHRASE_LENGTH) {
      throw new StaffError("short_passphrase", `a passphrase has at least ${MIN_PASSPHRASE_LENGTH} characters`);
    }
    const made = await createAccount(name, role, passphrase);
    await this.#change((accounts) => {
      if (accounts.some((other) => other.name === name)) throw new StaffError("exists", `there is a ${name} already`);
      return [...accounts, made].sort((left, right) => (left.name < right.name ? -1 : 1));
    });
    return made;
  }

  /**
   * @returns the account removed
   * @throws StaffError, `last_manager` if no manager would remain; StaffFolderError
   */
  async remove(name: string): Promise<Account> {
    const unknown = new StaffError("unknown", `there is nobody called ${name}`);
    let removed: Account | undefined;
    await this.#change((accounts) => {
      removed = accounts.find((each) => each.name === name);
      const rest = accounts.filter((other) => other.name !== name);
      if (removed === undefined) throw unknown;
      if (rest.length > 0 && rest.every(({ role }) => role !== "manager")) {
        throw new StaffError("last_manager", `${name} is the last manager: add another one first`);
      }
      return rest;
    });
    if (removed === undefined) throw unknown;
    return removed;
  }

  /**
   * The account of this name, or one that stands in for it, which {@link spendCode} refuses.
   * @throws StaffFolderError
   */
  async find(name: string): Promise<Account> {
    return (await this.list()).find((each) => each.name === name) ?? NOBODY;
  }

  /**
   * Uses up a TOTP code: the same code never works twice, even after a restart.
   * @returns the account, or null if the code is wrong or used already
   * @throws StaffFolderError
   */
  async spendCode(name: string, code: string, now: Date): Promise<Account | null> {
    const known = await this.find(name);
    if (totpStep(known, code, now) === null || known === NOBODY) return null;
    let spent: Account | null = null;
    await this.#change((accounts) =>
      accounts.map((each) => {
        const step = each.name === name ? totpStep(each, code, now) : null;
        if (step === null) return each;
        spent = { ...each, lastStep: step };
        return spent;
      }),
    );
    return spent;
  }

  async #change(change: (accounts: readonly Account[]) => readonly Account[]): Promise<void> {
    await this.#folder.change(async () => {
      const accounts = change(await this.list());
      await this.#folder.write(FILE, `${JSON.stringify({ version: 1, accounts }, null, 2)}\n`);
    });
  }
}

/** Stands in for unknown names, so that they take as long as known ones. */
const NOBODY = accountOfNobody();
