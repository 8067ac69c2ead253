import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MAIN } from "../bench/running.js";
import { type CommandResult, postern, type RunningPortal, servePortal } from "../support/command.js";
import { heldMemoryMiB, MEASURED } from "../support/held-memory.js";

const RETENTION_DAYS = 30;
/** After these days everything that may be removed is old enough. */
const LATER = `+${RETENTION_DAYS + 10}d`;
const PASSPHRASE = "correct horse battery\n";

/** A portal as an operator runs it, in a folder of its own: ended, killed and started again at one address. */
export class PortalProcess {
  readonly folder: string;
  #running: RunningPortal | null = null;
  #url = "";
  /** All that its processes have said to the operator. */
  said = "";

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(below: string): Promise<PortalProcess> {
    const portal = new PortalProcess(await mkdtemp(join(below, "portal-")));
    await mkdir(join(portal.folder, "temporary"));
    await writeFile(join(portal.folder, "passphrase"), PASSPHRASE);
    await portal.addKey();
    await portal.begin();
    return portal;
  }

  get url(): string {
    return this.#url;
  }

  get #env(): Readonly<Record<string, string>> {
    return {
      TMPDIR: join(this.folder, "temporary"),
      POSTERN_RETENTION_DAYS: String(RETENTION_DAYS),
      // One of the attackers shall not be taken for the honest visitors.
      POSTERN_TRUST_PROXY: "yes",
      ...MEASURED,
    };
  }

  async begin(): Promise<void> {
    const listen = this.#url === "" ? "127.0.0.1:0" : new URL(this.#url).host;
    this.#running = await servePortal({ cwd: this.folder, env: { ...this.#env, POSTERN_LISTEN: listen } });
    this.#url = this.#running.url;
  }

  /** Ends the process, as a power failure would with SIGKILL. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.kill(signal);
    this.said += running?.output.stderr ?? "";
  }

  /** A further key of staff, which the portal encrypts to from now on. */
  async addKey(): Promise<void> {
    const staff = `Staff ${(await this.secrets()).length + 1}`;
    const { code, stderr } = await this.command(["keys", "new", "--name", staff, "--passphrase-file", "passphrase"]);
    if (code !== 0) throw new Error(`no new key: ${stderr}`);
    this.#running?.process.kill("SIGHUP");
  }

  async secrets(): Promise<readonly string[]> {
    const names = await readdir(join(this.folder, "postern-secret")).catch(() => []);
    return names.filter((name) => name.endsWith("-secret.asc")).map((name) => join("postern-secret", name));
  }

  command(words: readonly string[]): Promise<CommandResult> {
    return postern(words, { cwd: this.folder, env: { POSTERN_RETENTION_DAYS: String(RETENTION_DAYS) } });
  }

  /** What a command does when the time of retention is over. */
  async commandLater(words: readonly string[]): Promise<void> {
    const later = this.#later(words);
    const [code] = (await once(later, "close")) as [number];
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}`);
  }

  /** The portal runs after the time of retention, until what it removes is gone. */
  async keepHouseLater(isClean: () => Promise<boolean>): Promise<void> {
    const portal = this.#later(["serve"], { POSTERN_LISTEN: "127.0.0.1:0", POSTERN_MIN_FREE: "0" });
    const closed = once(portal, "close");
    for (let tries = 0; tries < 60 && !(await isClean()); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    // faketime starts the portal and does not pass on what it is sent.
    if (portal.pid !== undefined) process.kill(-portal.pid, "SIGTERM");
    await closed;
  }

  /** MiB that it holds on to. */
  async memoryMiB(): Promise<number> {
    return this.#running === null ? Number.NaN : heldMemoryMiB(this.#running.process);
  }

  /** Files below its store and its folder for temporary files, without those that a portal has as long as it exists. */
  async files(...folders: readonly string[]): Promise<string[]> {
    const lists = folders.map(async (name) => {
      const entries = await readdir(join(this.folder, name), { recursive: true, withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    });
    return (await Promise.all(lists)).flat();
  }

  #later(words: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn("faketime", ["-f", LATER, process.execPath, MAIN, ...words], {
      cwd: this.folder,
      env: { PATH: process.env.PATH ?? "", POSTERN_RETENTION_DAYS: String(RETENTION_DAYS), ...env },
      stdio: "ignore",
      detached: true,
    });
  }
}
