import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Finished {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end; a code other than 0 is not an error here. */
export function run(
  program: string,
  args: readonly string[],
  { input, env, cwd }: { input?: Uint8Array; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: env ?? process.env,
      stdio: ["pipe", "pipe", "pipe"],
      ...(cwd && { cwd }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code: code ?? -1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
    // A program that refuses its input early closes the pipe; its exit code tells.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

export type Algorithm = "rsa2048" | "rsa3072" | "rsa4096" | "curve25519" | "nistp256" | "secp256k1" | "dsa";

const PARAMETERS: Readonly<Record<Algorithm, string>> = {
  rsa2048: "Key-Type: RSA\nKey-Length: 2048\nSubkey-Type: RSA\nSubkey-Length: 2048",
  rsa3072: "Key-Type: RSA\nKey-Length: 3072\nSubkey-Type: RSA\nSubkey-Length: 3072",
  rsa4096: "Key-Type: RSA\nKey-Length: 4096\nSubkey-Type: RSA\nSubkey-Length: 4096",
  curve25519: "Key-Type: EDDSA\nKey-Curve: ed25519\nSubkey-Type: ECDH\nSubkey-Curve: cv25519",
  nistp256: "Key-Type: ECDSA\nKey-Curve: nistp256\nSubkey-Type: ECDH\nSubkey-Curve: nistp256",
  secp256k1: "Key-Type: ECDSA\nKey-Curve: secp256k1\nSubkey-Type: ECDH\nSubkey-Curve: secp256k1",
  dsa: "Key-Type: DSA\nKey-Length: 2048\nSubkey-Type: ELG-E\nSubkey-Length: 2048",
};

export interface KeyOptions {
  /** As GnuPG takes it: "0" for never, "1d", "2y". */
  readonly expire?: string;
  readonly name?: string;
  readonly passphrase?: string;
}

/** A GnuPG of its own in a throw-away home. Call `close` at the end. */
export class GnuPg {
  readonly home: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(home: string) {
    this.home = home;
    this.#env = { ...process.env, GNUPGHOME: home, LC_ALL: "C.UTF-8" };
  }

  /** The path stays short: the agent's socket has to fit into 108 bytes. */
  static async create(): Promise<GnuPg> {
    return new GnuPg(await mkdtemp(join(tmpdir(), "pg-")));
  }

  async close(): Promise<void> {
    await run("gpgconf", ["--kill", "all"], { env: this.#env });
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** Runs gpg, and fails unless it succeeds. */
  async gpg(args: readonly string[], input?: Uint8Array): Promise<Buffer> {
    const { code, stdout, stderr } = await this.tryGpg(args, input);
    if (code !== 0) throw new Error(`gpg ${args.join(" ")} failed with ${code}:\n${stderr}`);
    return stdout;
  }

  async tryGpg(args: readonly string[], input?: Uint8Array): Promise<Finished> {
    return run("gpg", ["--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", ...args], {
      env: this.#env,
      ...(input !== undefined && { input }),
    });
  }

  /** Makes a key for signing with a subkey for encryption, and returns its fingerprint. */
  async generate(
    algorithm: Algorithm,
    { expire = "0", name = algorithm, passphrase }: KeyOptions = {},
  ): Promise<string> {
    const secret = passphrase === undefined ? "%no-protection" : `Passphrase: ${passphrase}`;
    const recipe = `${secret}\n${PARAMETERS[algorithm]}\nName-Real: Test ${name}\nExpire-Date: ${expire}\n%commit\n`;
    const status = await this.gpg(["--status-fd", "1", "--generate-key"], Buffer.from(recipe));
    const fingerprint = /KEY_CREATED \S+ ([0-9A-F]{40})/.exec(status.toString())?.[1];
    if (fingerprint === undefined) throw new Error(`gpg made no key:\n${status.toString()}`);
    return fingerprint;
  }

  async exportPublic(...fingerprints: readonly string[]): Promise<string> {
    return (await this.gpg(["--armor", "--export", ...fingerprints])).toString();
  }

  async exportSecret(fingerprint: string, passphrase = ""): Promise<string> {
    const args = ["--passphrase", passphrase, "--armor", "--export-secret-keys", fingerprint];
    return (await this.gpg(args)).toString();
  }

  async importKeys(armored: string): Promise<void> {
    await this.gpg(["--import"], Buffer.from(armored));
  }

  /** @param extra more options, such as `--compress-level 0` */
  async encrypt(plaintext: Uint8Array, to: readonly string[], extra: readonly string[] = []): Promise<Buffer> {
    const recipients = to.flatMap((fingerprint) => ["--recipient", fingerprint]);
    return this.gpg(["--trust-model", "always", ...extra, ...recipients, "--encrypt"], plaintext);
  }

  async decrypt(encrypted: Uint8Array, extra: readonly string[] = []): Promise<Buffer> {
    return this.gpg([...extra, "--decrypt"], encrypted);
  }

  /** `gpgtar --decrypt` of a file into a folder that exists. */
  async gpgtar(file: string, directory: string): Promise<Finished> {
    return run("gpgtar", ["--batch", "--decrypt", "--directory", directory, file], { env: this.#env });
  }

  /** A line of bash, as a person would type it, with pipefail. */
  async shell(line: string, cwd: string): Promise<Finished> {
    return run("bash", ["-o", "pipefail", "-c", line], { env: this.#env, cwd });
  }
}
