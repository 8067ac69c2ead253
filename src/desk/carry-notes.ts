import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type NoteEvent, readNoteEvent } from "../cases/index.js";
import { appendLines, nullIfMissing } from "../files/index.js";
import { DeletedCases } from "./deleted-cases.js";
import { isLog, NOTES_FOLDER, withLockedNotes } from "./notes-folder.js";
import { knownDesk } from "./this-desk.js";

/** Of what is carried, before it is encrypted. */
export const MAX_CARRIED_BYTES = 256 * 1024 ** 2;

export interface CarriedNotes {
  /** Lines that were not there yet. */
  readonly added: number;
  /** Lines that could not be read, and were left out. */
  readonly damaged: number;
}

/** The lines of all logs of a folder of cases, each once. */
export async function notesToCarry(root: string): Promise<Uint8Array> {
  const lines = new Set<string>();
  const deleted = new DeletedCases(root);
  for (const log of (await logsIn(join(root, NOTES_FOLDER))).values()) {
    for (const line of log) if (!deleted.tells(readNoteEvent(line))) lines.add(line);
  }
  return new TextEncoder().encode([...lines].map((line) => `${line}\n`).join(""));
}

/**
 * Adds carried lines to the logs of the desks that wrote them, once, and syncs each. This desk's own log is left as it
 * is: what it lacks of its own, after it was put back from a copy, goes into a log beside it.
 * @throws CaseNotesError
 */
export async function addCarriedNotes(root: string, carried: Uint8Array): Promise<CarriedNotes> {
  const folder = join(root, NOTES_FOLDER);
  return withLockedNotes(folder, async () => {
    const known = new Set([...(await logsIn(folder)).values()].flatMap((log) => [...log]));
    const own = await knownDesk(folder);
    const found = new Map<string, string[]>();
    const deleted = new DeletedCases(root);
    let [added, damaged] = [0, 0];
    for (const line of new TextDecoder().decode(carried).split("\n")) {
      if (line === "" || known.has(line)) continue;
      const event = eventIn(line);
      if (event === null) {
        damaged += 1;
        continue;
      }
      if (deleted.tells(event)) continue;
      const { desk } = event;
      known.add(line);
      const name = desk === own ? `${desk}-returned.jsonl` : `${desk}.jsonl`;
      const lines = found.get(name) ?? [];
      lines.push(line);
      found.set(name, lines);
      added += 1;
    }
    for (const [name, lines] of found) await appendLines(join(folder, name), lines);
    return { added, damaged };
  });
}

async function logsIn(folder: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(nullIfMissing)) ?? [];
  const logs = new Map<string, ReadonlySet<string>>();
  for (const { name } of entries.filter(isLog)) {
    const lines = (await readFile(join(folder, name), "utf8")).split("\n");
    logs.set(name, new Set(lines.filter((line) => eventIn(line) !== null)));
  }
  return logs;
}

/** Null for a line that is none of a log. */
function eventIn(line: string): NoteEvent | null {
  try {
    return readNoteEvent(line);
  } catch {
    return null;
  }
}
