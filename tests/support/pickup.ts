import { randomBytes, scryptSync } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, TOTP } from "otpauth";
import { randomHex } from "../../src/core/index.js";
import { createLog } from "../../src/http/index.js";
import { createPickupServer, Ledger, type Role, Staff, StaffFolder } from "../../src/pickup/index.js";
import { type FileStore, openFileStore, type StoredSubmission } from "../../src/store/index.js";
import { closeNow, countAnswering, listenLocally } from "./loopback.js";
import { removeFolder } from "./temporary.js";

export const PASSPHRASE = "correct horse battery";

export interface TestPickup {
  readonly url: string;
  readonly base: string;
  readonly store: FileStore;
  readonly folder: StaffFolder;
  readonly staffPath: string;
  readonly staff: Staff;
  readonly ledger: Ledger;
  readonly log: string[];
  readonly clock: Clock;
  /** How many requests the server is answering now. */
  readonly answering: () => number;
  readonly put: (contents: string | Uint8Array<ArrayBuffer>) => Promise<StoredSubmission>;
  /** Ends the server and starts another one on the same folder, at the same address. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A clock that a test moves: each code can be used once, so the next sign-in needs the next half minute. */
export class Clock {
  #time: number;

  constructor(start: Date) {
    this.#time = start.getTime();
  }

  readonly now = (): Date => new Date(this.#time);

  pass(seconds: number): void {
    this.#time += seconds * 1000;
  }
}

/**
 * A real pickup server on loopback: olha is a courier, maksym a manager.
 * @param costly whether their passphrases are hashed at the usual cost
 */
export async function startTestPickup({ costly = false } = {}): Promise<TestPickup> {
  const base = await mkdtemp(join(tmpdir(), "postern-pickup-"));
  const clock = new Clock(new Date("2026-11-23T12:00:00Z"));
  const store = await openFileStore(join(base, "data"), clock.now);
  const staffPath = join(base, "staff");
  const folder = await StaffFolder.open(staffPath);
  const staff = new Staff(folder);
  if (costly) {
    await staff.add("maksym", "manager", PASSPHRASE);
    await staff.add("olha", "courier", PASSPHRASE);
  } else await addCheaply(folder, ["maksym", "manager"], ["olha", "courier"]);
  const log: string[] = [];
  const start = async (port: number) => {
    const server = createPickupServer({
      submissions: store,
      mailboxes: store.mailboxes,
      folder,
      keys: [{ fingerprint: "A".repeat(40), expires: new Date("2026-12-01T00:00:00Z"), schedule: [] }],
      log: createLog({ write: (line: string) => void log.push(line) }),
      now: clock.now,
    });
    const url = await listenLocally(server, port);
    return { server, url, answering: countAnswering(server) };
  };
  let running = await start(0);
  const { url } = running;
  return {
    url,
    base,
    store,
    folder,
    staffPath,
    staff,
    ledger: new Ledger(folder),
    log,
    clock,
    answering: () => running.answering(),
    put: (contents) => store.put(new Blob([contents]).stream()),
    restart: async () => {
      await closeNow(running.server);
      running = await start(Number(new URL(url).port));
    },
    stop: async () => {
      await closeNow(running.server);
      await removeFolder(base);
    },
  };
}

/** Hashed in a millisecond instead of 0.5 s, which is what most tests would take. */
const CHEAP = { N: 2 ** 7, r: 8, p: 1 };

async function addCheaply(folder: StaffFolder, ...people: readonly (readonly [name: string, role: Role])[]) {
  const accounts = people.map(([name, role]) => {
    const salt = randomBytes(16);
    const hash = scryptSync(PASSPHRASE, salt, 32, CHEAP).toString("base64");
    const passphrase = { ...CHEAP, salt: salt.toString("base64"), hash };
    return { id: randomHex(16), name, role, passphrase, totp: new Secret({ size: 20 }).base32, lastStep: null };
  });
  await folder.write("accounts.json", JSON.stringify({ version: 1, accounts }));
}

/** The code that somebody's authenticator shows at a moment. */
export async function codeOf(staff: Staff, name: string, at: Date): Promise<string> {
  const account = (await staff.list()).find((each) => each.name === name);
  return new TOTP({ secret: Secret.fromBase32(account?.totp ?? "") }).generate({ timestamp: at.getTime() });
}

/** One browser without a window: keeps cookies, says where its requests come from. */
export class StaffClient {
  readonly #pickup: TestPickup;
  readonly cookies = new Map<string, string>();
  csrf = "";

  constructor(pickup: TestPickup) {
    this.#pickup = pickup;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.#ask(path, { headers });
  }

  async head(path: string): Promise<Response> {
    return this.#ask(path, { method: "HEAD" });
  }

  /** @param token the token of the form; that of the last page unless told */
  async post(
    path: string,
    fields: Readonly<Record<string, string | readonly string[]>>,
    { token = this.csrf, headers = {} }: { token?: string | null; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Response> {
    const body = new URLSearchParams(token === null ? {} : { csrf: token });
    for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(name, each);
    return this.#ask(path, { method: "POST", body, headers: { Origin: this.#pickup.url, ...headers } });
  }

  async postForm(path: string, form: FormData, token: string | null = this.csrf): Promise<Response> {
    const whole = new FormData();
    if (token !== null) whole.append("csrf", token);
    for (const [name, value] of form) whole.append(name, value);
    return this.#ask(path, { method: "POST", body: whole, headers: { Origin: this.#pickup.url } });
  }

  /** Signs in with a new code, and reads the first page's token. */
  async signIn(name: string, passphrase = PASSPHRASE): Promise<Response> {
    this.#pickup.clock.pass(30);
    const code = await codeOf(this.#pickup.staff, name, this.#pickup.clock.now());
    const response = await this.post("/en/sign-in", { name, passphrase, code }, { token: null });
    if (response.status === 303) await this.page("/en/");
    return response;
  }

  /** A page's text; its token is remembered. */
  async page(path: string): Promise<string> {
    const text = await (await this.get(path)).text();
    this.csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.csrf;
    return text;
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === "" ? {} : { Cookie: cookie }) };
    const response = await fetch(this.#pickup.url + path, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}
