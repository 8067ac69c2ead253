import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readNoteEvent } from "../cases/index.js";
import { appendLines, nullIfMissing } from "../files/index.js";
import { isLog, NOTES_FOLDER, withLockedNotes } from "./note-logs.js";
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
  for (const log of (await logsIn(join(root, NOTES_FOLDER))).values()) for (const line of log) lines.add(line);
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
    let [added, damaged] = [0, 0];
    for (const line of new TextDecoder().decode(carried).split("\n")) {
      const desk = line === "" || known.has(line) ? null : deskOf(line);
      if (desk === null) {
        damaged += line === "" || known.has(line) ? 0 : 1;
        continue;
      }
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
    logs.set(name, new Set(lines.filter((line) => deskOf(line) !== null)));
  }
  return logs;
}

/** Null for a line that is none of a log. */
function deskOf(line: string): string | null {
  try {
    return readNoteEvent(line).desk;
  } catch {
    return null;
  }
}
