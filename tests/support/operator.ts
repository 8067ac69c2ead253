import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestBucket } from "./bucket.js";
import { type CommandResult, postern, type RunningPortal, type RunOptions, servePortal } from "./command.js";
import { makeBucket } from "./object-store.js";
import { type OpenedCase, readCase } from "./portal.js";
import { giveStaffKey } from "./staff-key.js";

/** A portal run by the command line, and the desk beside it, as operator and staff have them. */
export class Operator {
  readonly #cwd: string;
  #portal: RunningPortal | null = null;
  /** With POSTERN_TEST_STORE=s3 (see vitest.config.ts) the store is a bucket. */
  #bucket: TestBucket | null = null;

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  get url(): string {
    if (this.#portal === null) throw new Error("the portal does not run");
    return this.#portal.url;
  }

  async start(): Promise<void> {
    await mkdir(this.#cwd, { recursive: true });
    await giveStaffKey(this.#cwd);
    if (process.env.POSTERN_TEST_STORE === "s3") this.#bucket = await makeBucket();
    this.#portal = await servePortal(this.#options());
  }

  async stop(): Promise<void> {
    await this.#portal?.kill("SIGTERM");
    this.#portal = null;
  }

  /** Kills the portal and starts it again at the same address. */
  async killAndRestart(): Promise<void> {
    const { port } = new URL(this.url);
    await this.#portal?.kill("SIGKILL");
    this.#portal = await servePortal(this.#options({ POSTERN_LISTEN: `127.0.0.1:${port}` }));
  }

  run(...words: readonly string[]): Promise<CommandResult> {
    return postern(words, this.#options());
  }

  #options(env: Readonly<Record<string, string>> = {}): RunOptions {
    return { cwd: this.#cwd, env: { ...this.#bucket?.env, ...env } };
  }

  /** Names of what lies in a folder of the store. */
  async stored(folder: "submissions" | "uploads" | "mailboxes"): Promise<string[]> {
    if (this.#bucket !== null) {
      const beginning = `${this.#bucket.place.prefix}${folder}/`;
      return (await this.#bucket.bucket.keys(beginning)).map((key) => key.slice(beginning.length));
    }
    return readdir(join(this.#cwd, "data", folder));
  }

  /** `postern open` of all submissions: what it says, and the folders that it opened now, in that order. */
  async open(): Promise<{ readonly result: CommandResult; readonly cases: readonly OpenedCase[] }> {
    const secrets = join(this.#cwd, "postern-secret");
    const key = (await readdir(secrets)).find((name) => name.endsWith("-secret.asc")) ?? "";
    const options = ["--key", join(secrets, key), "--passphrase-file", "passphrase"];
    const inbox = this.#bucket === null ? "data/submissions" : "inbox";
    // From a bucket they are carried away first, as staff do.
    if (this.#bucket !== null) await this.run("export", inbox);
    const result = await this.run("open", inbox, ...options);
    const folders = [...result.stdout.matchAll(/-> (\S+)$/gm)].map(([, folder]) => join(this.#cwd, folder ?? ""));
    return { result, cases: await Promise.all(folders.map(readCase)) };
  }

  /** Answers a case at the desk and brings the answer to the portal. */
  async reply(folder: string, text: string, attached: Readonly<Record<string, string>>): Promise<void> {
    await writeFile(join(this.#cwd, "answer.txt"), text);
    for (const [name, contents] of Object.entries(attached)) await writeFile(join(this.#cwd, name), contents);
    const attach = Object.keys(attached).length === 0 ? [] : ["--attach", ...Object.keys(attached)];
    for (const words of [
      ["reply", folder, "--text", "answer.txt", ...attach, "--out", "outbox"],
      ["replies", "import", "outbox"],
    ]) {
      const { code, stderr } = await this.run(...words);
      if (code !== 0) throw new Error(`postern ${words[0]} failed: ${stderr}`);
    }
  }
}
