import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { Fault } from "../core/index.js";
import { findPickupArchives, unpackPickup } from "../desk/open/index.js";

export interface PickupFailure {
  readonly file: string;
  readonly cause: Fault<string>;
}

/** What the downloads from the pickup pages held, until they are removed. */
export class PickupArchives {
  readonly #names = new Map<string, string>();
  readonly #folders: string[] = [];
  readonly #failures: PickupFailure[] = [];

  private constructor() {}

  /** Unpacks the downloads in `paths` below `out`. One that is not whole does not stop the others. */
  static async unpack(paths: readonly string[], out: string): Promise<PickupArchives> {
    const archives = new PickupArchives();
    for (const path of await findPickupArchives(paths)) {
      try {
        const { folder, files } = await unpackPickup(path, out);
        archives.#folders.push(folder);
        for (const file of files) archives.#names.set(file, `${path}/${basename(file)}`);
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        archives.#failures.push({ file: path, cause });
      }
    }
    return archives;
  }

  get files(): readonly string[] {
    return [...this.#names.keys()];
  }

  get failures(): readonly PickupFailure[] {
    return this.#failures;
  }

  /** How to call a file: by its download, if it came in one. */
  nameOf(file: string): string {
    return this.#names.get(file) ?? file;
  }

  async remove(): Promise<void> {
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}
