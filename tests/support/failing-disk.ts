import type * as Real from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

export type DiskFault = "ENOSPC" | "EIO" | "short write" | "slow sync";

type Anything = (...words: never[]) => unknown;

/**
 * `node:fs/promises`, with one call that fails. It counts every call of a function and of an open file's methods; the
 * armed one fails as a disk does.
 */
export class FailingDisk {
  /** Names of the calls since the disk was armed, in order. */
  readonly calls: string[] = [];
  /** Syncs that are under way. */
  syncing = 0;
  #fault: DiskFault | null = null;
  #at: number | string = -1;

  /** Lets the `at`-th call from now (from 0) go wrong, or the first of that name; none if there is no such call. */
  arm(fault: DiskFault | null, at: number | string = -1): void {
    this.calls.length = 0;
    this.#fault = fault;
    this.#at = at;
  }

  /** The module with every function watched. */
  watch(real: typeof Real): typeof Real {
    const names = [
      "link",
      "mkdir",
      "open",
      "readFile",
      "readdir",
      "rename",
      "rm",
      "stat",
      "unlink",
      "utimes",
      "writeFile",
    ];
    const watched = names.map((name) => [name, this.#call(name, Reflect.get(real, name) as Anything, real)]);
    return { ...real, ...Object.fromEntries(watched) } as typeof Real;
  }

  #call(name: string, original: Anything, self: object): Anything {
    return async (...words) => {
      const first = !this.calls.includes(name);
      const number = this.calls.push(name) - 1;
      const failing = number === this.#at || (first && name === this.#at);
      const fault = failing ? this.#fault : null;
      if (fault === "ENOSPC" || fault === "EIO") {
        throw Object.assign(new Error(`${fault}: as the test wants it, ${name}`), { code: fault, syscall: name });
      }
      if (name === "sync" || name === "datasync")
        return this.#sync(() => original.apply(self, words), fault === "slow sync");
      const shortened = fault === "short write" ? shorten(name, words) : words;
      const result = await original.apply(self, shortened);
      return name === "open" ? this.#file(result as FileHandle) : result;
    };
  }

  async #sync(sync: () => unknown, slowly: boolean): Promise<unknown> {
    this.syncing += 1;
    try {
      if (slowly) await new Promise((resolve) => setTimeout(resolve, 30));
      return await sync();
    } finally {
      this.syncing -= 1;
    }
  }

  #file(file: FileHandle): FileHandle {
    return new Proxy(file, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        // A file that cannot be closed stays open; the process would run out of them, not lose anything.
        if (name === "close") return value.bind(target);
        return this.#call(String(name), value as Anything, target);
      },
    });
  }
}

/** The words of a write, for half of what was asked; those of anything else as they are. */
function shorten(name: string, words: never[]): never[] {
  if (name === "write") {
    const [chunk, offset, length, position] = words as unknown[];
    return [chunk, offset, Math.max(1, Math.floor(Number(length) / 2)), position] as never[];
  }
  if (name === "writev") {
    const [chunks] = words as unknown as [readonly Uint8Array[]];
    const half = chunks.slice(0, Math.ceil(chunks.length / 2));
    const last = half.pop();
    return [[...half, ...(last === undefined ? [] : [last.subarray(0, Math.ceil(last.length / 2))])]] as never[];
  }
  return words;
}
