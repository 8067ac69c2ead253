import { randomBytes } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fieldsOf, jsonOrNull } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";

const FILE = ".desk";

/**
 * The name of the desk whose log this folder's machine appends to, made at the first note. A copy of the folder is
 * another desk, or two machines would write one log and copying would overwrite: the file knows its place on the disk.
 */
export async function thisDesk(notes: string): Promise<string> {
  const path = join(notes, FILE);
  const known = await knownDesk(notes);
  if (known !== null) return known;
  const desk = `desk-${randomBytes(4).toString("hex")}`;
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ desk, place: placeOf(await file.stat(STAT)) })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return desk;
}

/** The same, or null before the first note, and in a copy. */
export async function knownDesk(notes: string): Promise<string | null> {
  const path = join(notes, FILE);
  const text = await readFile(path, "utf8").catch(nullIfMissing);
  if (text === null) return null;
  const { desk, place } = fieldsOf(jsonOrNull(text));
  const known = typeof desk === "string" && /^desk-[0-9a-f]{8}$/.test(desk);
  return known && place === placeOf(await stat(path, STAT)) ? desk : null;
}

const STAT = { bigint: true } as const;

function placeOf({ ino, birthtimeNs }: { readonly ino: bigint; readonly birthtimeNs: bigint }): string {
  return `${ino} ${birthtimeNs}`;
}
