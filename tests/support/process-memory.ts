import { open, readFile } from "node:fs/promises";

/** A mapping that is larger is a reservation, of which hardly anything is there. */
const MAX_MAPPING_BYTES = 512 * 1024 * 1024;

/** Which of `markers` are anywhere in the memory of a process that may be read: as bytes, or as text of two bytes. */
export async function foundInMemory(pid: number, markers: readonly string[]): Promise<readonly string[]> {
  const wanted = markers.flatMap((marker) =>
    (["utf8", "utf16le"] as const).map((encoding) => ({ marker, bytes: Buffer.from(marker, encoding) })),
  );
  const found = new Set<string>();
  const memory = await open(`/proc/${pid}/mem`);
  try {
    for (const line of (await readFile(`/proc/${pid}/maps`, "utf8")).split("\n")) {
      const [, from = "", to = ""] = /^([0-9a-f]+)-([0-9a-f]+) r/.exec(line) ?? [];
      const size = Number.parseInt(to, 16) - Number.parseInt(from, 16);
      if (!(size > 0 && size <= MAX_MAPPING_BYTES) || line.includes("[v")) continue;
      const bytes = Buffer.alloc(size);
      const read = await memory.read(bytes, 0, size, Number.parseInt(from, 16)).catch(() => null);
      for (const { marker, bytes: mark } of read === null ? [] : wanted) {
        if (bytes.includes(mark)) found.add(marker);
      }
    }
  } finally {
    await memory.close();
  }
  return [...found].sort();
}
