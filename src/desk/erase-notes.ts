import { randomUUID } from "node:crypto";
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fieldsOf, isJsonObject, jsonOrNull } from "../core/index.js";
import { nullIfMissing, replaceFile } from "../files/index.js";
import { ERASED_FILE, NOTES_FOLDER, withLockedNotes } from "./notes-folder.js";

const LOG = /\.jsonl$/;
/** What earlier versions wrote, under either of its names. */
const OLD_NOTES = /^case-notes(?:-in-log-\d+)?\.json$/;
const SPACE = 0x20;
const LINE_FEED = 0x0a;

/**
 * Takes out of every log in `root` what was written about a case. The lines stay, with desk and clock, so that the
 * desk's next ones are counted on; they say nothing any more. Lines are overwritten where they are, which keeps
 * their bytes from the disk as well.
 * @throws CaseNotesError `locked`, or an error of the file system
 */
export async function eraseNotes(root: string, caseId: string): Promise<void> {
  const folder = join(root, NOTES_FOLDER);
  const logs = ((await readdir(folder).catch(nullIfMissing)) ?? []).filter((name) => LOG.test(name));
  if (logs.length > 0) {
    await withLockedNotes(folder, async () => {
      for (const name of logs) await eraseLines(join(folder, name), caseId);
      await replaceFile(join(folder, ERASED_FILE), `${randomUUID()}\n`);
    });
  }
  for (const name of await readdir(root)) if (OLD_NOTES.test(name)) await eraseOld(join(root, name), caseId);
}

async function eraseLines(path: string, caseId: string): Promise<void> {
  const bytes = await readFile(path);
  const log = await open(path, "r+");
  try {
    for (let at = 0; at < bytes.length; ) {
      const found = bytes.indexOf(LINE_FEED, at);
      const end = found === -1 ? bytes.length : found;
      const empty = emptied(bytes.subarray(at, end), caseId);
      if (empty !== null) await log.write(empty, 0, empty.length, at);
      at = end + 1;
    }
    await log.sync();
  } finally {
    await log.close();
  }
}

/** A line of the same length without content; null for one about another case. */
function emptied(line: Buffer, caseId: string): Buffer | null {
  const text = line.toString("utf8");
  if (!text.includes(caseId)) return null;
  const { desk, clock, case: about } = fieldsOf(jsonOrNull(text));
  // Half a line, which a run that was killed has left, says nothing of its own once it is blank.
  if (about === undefined) return Buffer.alloc(line.length, SPACE);
  if (about !== caseId) return null;
  const kept = JSON.stringify({ desk, clock, at: "", by: "", case: about, replaces: [], set: {} });
  return Buffer.from(`${kept.slice(0, -1)}${" ".repeat(Math.max(0, line.length - Buffer.byteLength(kept)))}}`);
}

async function eraseOld(path: string, caseId: string): Promise<void> {
  const file = fieldsOf(jsonOrNull(await readFile(path, "utf8")));
  if (!isJsonObject(file.cases) || !Object.hasOwn(file.cases, caseId)) return;
  const rest = Object.fromEntries(Object.entries(file.cases).filter(([id]) => id !== caseId));
  await replaceFile(path, `${JSON.stringify({ ...file, cases: rest }, null, 1)}\n`);
}
