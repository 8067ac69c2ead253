import type { BigIntStats, Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { MAX_CERTIFICATE_FILE_BYTES } from "../../openpgp/index.js";
import type { KeyFault } from "./key-problem.js";

/** A file that was found, or why it could not be read. */
export type FoundFile = {
  /** Path below the folder. */
  readonly file: string;
  /** Whether it lies in a folder inside: nothing there is used. */
  readonly nested: boolean;
} & ({ readonly bytes: Uint8Array } | { readonly code: KeyFault; readonly message: string });

const MAX_ENTRIES = 1_000;

/**
 * Every file in `folder` and in the folders inside, each once, in an order that only names decide. Links are followed:
 * Kubernetes mounts a file as a link into a hidden folder beside it.
 */
export async function* keyFiles(folder: string): AsyncGenerator<FoundFile> {
  const walk = new Walk(folder);
  yield* walk.files("");
  for (let next = walk.nextFolder(); next !== undefined; next = walk.nextFolder()) yield* walk.files(next);
}

class Walk {
  readonly #folder: string;
  /** Identities of the files and folders that were seen. */
  readonly #seen = new Set<string>();
  readonly #waiting: string[] = [];
  #entries = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  nextFolder(): string | undefined {
    return this.#waiting.shift();
  }

  async *files(below: string): AsyncGenerator<FoundFile> {
    const nested = below !== "";
    const entries = await this.#list(below);
    if (!Array.isArray(entries)) return void (yield { file: below, nested, ...entries });
    for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = join(below, name);
      this.#entries += 1;
      if (this.#entries > MAX_ENTRIES) {
        yield {
          file: "",
          nested: false,
          code: "too_large",
          message: `this folder holds more than ${MAX_ENTRIES} files`,
        };
        this.#waiting.length = 0;
        return;
      }
      const found = await this.#look(file);
      if (found !== null) yield { file, nested, ...found };
    }
  }

  async #list(below: string): Promise<Dirent[] | { code: KeyFault; message: string }> {
    const path = join(this.#folder, below);
    try {
      return await readdir(path, { withFileTypes: true });
    } catch (cause) {
      if (below === "" && codeOf(cause) === "ENOENT") return [];
      return faultOf(cause, "this folder", await stat(path, { bigint: true }).catch(() => null));
    }
  }

  /** The file's contents; null for a folder, which is looked into later, and for what was seen already. */
  async #look(file: string): Promise<{ bytes: Uint8Array } | { code: KeyFault; message: string } | null> {
    const path = join(this.#folder, file);
    let stats: BigIntStats | null = null;
    try {
      stats = await stat(path, { bigint: true });
      const identity = `${stats.dev}:${stats.ino}`;
      if (this.#seen.has(identity)) return null;
      this.#seen.add(identity);
      if (stats.isDirectory()) {
        if (!(await isWithin(path, this.#folder))) {
          return { code: "unreadable", message: "this is a link to a folder elsewhere, which is not looked into" };
        }
        this.#waiting.push(file);
        return null;
      }
      // Opening a pipe would wait for ever.
      if (!stats.isFile()) return { code: "unreadable", message: "this is neither a file nor a folder" };
      if (stats.size > MAX_CERTIFICATE_FILE_BYTES)
        return { code: "too_large", message: "this file is larger than certificates are" };
      return { bytes: await readFile(path) };
    } catch (cause) {
      if (codeOf(cause) === "ENOENT")
        return { code: "unreadable", message: "this is a link to a file that is not there" };
      if (codeOf(cause) === "ELOOP") return { code: "unreadable", message: "this is a link to itself" };
      return faultOf(cause, "this file", stats);
    }
  }
}

async function isWithin(path: string, folder: string): Promise<boolean> {
  return `${await realpath(path)}${sep}`.startsWith((await realpath(folder)) + sep);
}

function faultOf(cause: unknown, what: string, stats: BigIntStats | null): { code: KeyFault; message: string } {
  const code = codeOf(cause);
  if (code === "ENOTDIR") return { code: "unreadable", message: "this is a file, and a folder is expected" };
  if (code !== "EACCES" && code !== "EPERM") return { code: "unreadable", message: `${what} cannot be read (${code})` };
  const owner = stats === null ? "" : `: it belongs to user ${stats.uid} and has mode ${mode(stats)}`;
  return { code: "no_permission", message: `user ${process.geteuid?.() ?? "?"} may not read ${what}${owner}` };
}

function mode({ mode }: BigIntStats): string {
  return (mode & 0o777n).toString(8).padStart(4, "0");
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
}
