import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Fault } from "../core/index.js";

export const CASE_NOTES = "case-notes.json";
export const STATUSES = ["new", "reading", "waiting", "answered", "closed"] as const;
export type CaseStatus = (typeof STATUSES)[number];

const note = z.object({ status: z.enum(STATUSES), note: z.string() });
const file = z.object({
  format: z.literal("postern-case-notes"),
  version: z.literal(1),
  /** By case id. */
  cases: z.record(z.string().regex(/^[0-9a-f]{32}$/), note),
});

/** What staff wrote about a case themselves. */
export type CaseNote = z.infer<typeof note>;

export const NO_NOTE: CaseNote = { status: "new", note: "" };

export class CaseNotesError extends Fault<"damaged" | "unknown_case"> {}

/** What staff wrote, by case id. @throws CaseNotesError if the file is damaged: it is never begun anew by itself */
export async function readCaseNotes(folder: string): Promise<Readonly<Record<string, CaseNote>>> {
  const path = join(folder, CASE_NOTES);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    throw cause;
  });
  if (text === null) return {};
  try {
    return file.parse(JSON.parse(text)).cases;
  } catch (cause) {
    throw new CaseNotesError("damaged", `${path} is damaged; put it back from a copy, or move it away`, { cause });
  }
}

/** Changes what is written about one case, and leaves the others as they are. */
export async function writeCaseNote(folder: string, caseId: string, change: Partial<CaseNote>): Promise<CaseNote> {
  const cases = await readCaseNotes(folder);
  const changed = { ...(cases[caseId] ?? NO_NOTE), ...change };
  const text = JSON.stringify(
    { format: "postern-case-notes", version: 1, cases: { ...cases, [caseId]: changed } },
    null,
    1,
  );
  const unfinished = join(folder, `.${CASE_NOTES}`);
  const target = await open(unfinished, "w", 0o600);
  try {
    await target.writeFile(`${text}\n`);
    await target.sync();
  } finally {
    await target.close();
  }
  await rename(unfinished, join(folder, CASE_NOTES));
  return changed;
}
