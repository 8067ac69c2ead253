import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Finished, run } from "../../support/gpg.js";

/** A key that a program has made, as it exports both halves. */
export interface MadeKey {
  readonly certificate: Uint8Array;
  readonly secret: Uint8Array;
}

/** A program that makes keys, encrypts and decrypts, each time without anything it knew before. */
export interface Program {
  /** With its version. */
  readonly name: string;
  /** Ways to make a key, by what a person would choose. */
  readonly keys: Readonly<Record<string, () => Promise<MadeKey>>>;
  /** Options of encryption, by what a person would choose; the first is none. */
  readonly ways: readonly string[];
  encrypt(certificate: Uint8Array, plaintext: Uint8Array, way?: string): Promise<Uint8Array>;
  decrypt(secret: Uint8Array, message: Uint8Array): Promise<Uint8Array>;
}

/** Where a program's executables are: null for the PATH. */
export type Place = string | null;

/** Runs programs of one place in a folder that is removed at the end. */
export class Shell {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, place: Place) {
    this.folder = folder;
    const path = [...(place === null ? [] : [place]), process.env.PATH ?? ""].join(delimiter);
    this.#env = { PATH: path, HOME: folder, GNUPGHOME: folder, LC_ALL: "C.UTF-8" };
  }

  static async during<Result>(place: Place, act: (shell: Shell) => Promise<Result>): Promise<Result> {
    // The path stays short: the agent's socket has to fit into 108 bytes.
    const folder = await mkdtemp(join(tmpdir(), "pi-"));
    const shell = new Shell(folder, place);
    try {
      return await act(shell);
    } finally {
      await shell.try("gpgconf", ["--kill", "all"]).catch(() => undefined);
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }

  try(program: string, args: readonly string[], input?: Uint8Array): Promise<Finished> {
    return run(program, args, { env: this.#env, cwd: this.folder, ...(input !== undefined && { input }) });
  }

  /** @throws Error with what the program printed, unless it succeeds */
  async run(program: string, args: readonly string[], input?: Uint8Array): Promise<Buffer> {
    const { code, stdout, stderr } = await this.try(program, args, input);
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stderr}`);
    return stdout;
  }

  async write(name: string, bytes: Uint8Array): Promise<string> {
    await writeFile(join(this.folder, name), bytes, { mode: 0o600 });
    return name;
  }

  read(name: string): Promise<Buffer> {
    return readFile(join(this.folder, name));
  }
}

export const USER = "Staff <staff@example.org>";
