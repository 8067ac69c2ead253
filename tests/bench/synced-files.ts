import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import type { Way } from "./measure.js";

/** The baseline of what stores letters: as many files of that size, each synced before the next is begun. */
export function syncedFiles(name: string, path: string, bytes: number, count: number): Way {
  return {
    name,
    run: async () => {
      const contents = randomBytes(bytes);
      const begun = performance.now();
      for (let written = 0; written < count; written += 1) {
        const file = await open(path, "w");
        await file.write(contents);
        await file.sync();
        await file.close();
      }
      return { seconds: (performance.now() - begun) / 1000 };
    },
  };
}
