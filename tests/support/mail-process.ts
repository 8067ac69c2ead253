import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postern, type RunningPortal, serveMail } from "./command.js";
import { freePort, STAFF } from "./mail.js";
import { certify } from "./mail-server.js";
import { type OpenedCase, readCase } from "./portal.js";
import { giveStaffKey } from "./staff-key.js";
import { removeFolder } from "./temporary.js";

/** `postern mail` as an operator runs it, with TLS, a store and a key of its own. */
export class MailProcess {
  readonly folder: string;
  readonly port: number;
  #running: RunningPortal | null = null;
  readonly #env: Readonly<Record<string, string>>;
  /** What all its processes have said. */
  said = "";

  private constructor(folder: string, port: number, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.port = port;
    this.#env = env;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<MailProcess> {
    const folder = await mkdtemp(join(tmpdir(), "postern-mail-process-"));
    await mkdir(join(folder, "temporary"));
    await giveStaffKey(folder);
    const { key, certificate } = certify();
    await writeFile(join(folder, "tls.key"), key);
    await writeFile(join(folder, "tls.crt"), certificate);
    const mail = new MailProcess(folder, await freePort(), env);
    await mail.begin();
    return mail;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get process(): RunningPortal {
    if (this.#running === null) throw new Error("the mail server does not run");
    return this.#running;
  }

  async begin(): Promise<void> {
    this.#running = await serveMail({
      cwd: this.folder,
      env: {
        TMPDIR: join(this.folder, "temporary"),
        POSTERN_MAIL_LISTEN: this.address,
        POSTERN_MAIL_ADDRESSES: STAFF,
        POSTERN_MAIL_CERTIFICATE: "tls.crt",
        POSTERN_MAIL_KEY: "tls.key",
        ...this.#env,
      },
    });
  }

  /** Ends the process, as a power failure would with SIGKILL. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    await running.kill(signal);
    this.said += running.output.stderr;
  }

  /** Starts it again where nothing has been stored or opened yet. */
  async beginAnew(): Promise<void> {
    await this.end("SIGKILL");
    for (const each of ["data", "cases", "outbox"]) await rm(join(this.folder, each), { recursive: true, force: true });
    await this.begin();
  }

  stored(): Promise<string[]> {
    return readdir(join(this.folder, "data/submissions"));
  }

  /** `postern open` of everything that is stored. */
  async open(): Promise<readonly OpenedCase[]> {
    const secrets = join(this.folder, "postern-secret");
    const key = (await readdir(secrets)).find((name) => name.endsWith("-secret.asc")) ?? "";
    const options = ["--key", join(secrets, key), "--passphrase-file", "passphrase"];
    const { code, stdout, stderr } = await postern(["open", "data/submissions", ...options], { cwd: this.folder });
    if (code !== 0) throw new Error(`postern open failed: ${stderr}`);
    const folders = [...stdout.matchAll(/-> (\S+)$/gm)].map(([, folder]) => join(this.folder, folder ?? ""));
    return Promise.all(folders.map(readCase));
  }

  async stop(): Promise<void> {
    await this.end("SIGKILL");
    await removeFolder(this.folder);
  }
}
