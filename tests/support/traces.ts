import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every form in which a careless program leaves a string behind. */
export function traces(text: string): Buffer[] {
  const utf8 = Buffer.from(text, "utf8");
  // Base64 of a string inside a longer one depends on where it begins: all three offsets, the ends cut off.
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), utf8]).toString("base64");
    return Buffer.from(encoded.slice(offset === 0 ? 0 : 4, -4));
  });
  // Fewer characters stand somewhere by chance.
  const long = base64.filter(({ length }) => length >= 8);
  const utf16 = Buffer.from(text, "utf16le");
  const percent = Buffer.from(encodeURIComponent(text));
  const escaped = Buffer.from(
    JSON.stringify(text).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
  return [
    utf8,
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(text, "latin1"),
    ...long,
    percent,
    escaped,
    Buffer.from(utf8.toString("hex")),
  ];
}

/** Where a folder holds one of these strings, in any form: in a file or in its name. */
export async function tracesIn(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const sought = texts.map((text) => [text, traces(text)] as const);
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // A browser that ends may still remove some.
    const bytes = entry.isFile() ? await readFile(path).catch(() => Buffer.alloc(0)) : Buffer.alloc(0);
    const all = Buffer.concat([Buffer.from(`${entry.name}\n`), bytes]);
    for (const [text, forms] of sought) if (forms.some((form) => all.includes(form))) found.push(`${text} in ${path}`);
  }
  return found;
}
