import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { sayAnswer, shortCase } from "../cases/index.js";
import { type Archive, type ArchiveFile, createArchive, Fault, textFile } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";
import { caseOf } from "./case-of.js";
import { fileDigest, recordIn } from "./open/index.js";

/** `unknown_part`: the case has no such part. `nothing`: none was chosen. */
export class HandOverError extends Fault<"not_a_case" | "unknown_part" | "nothing"> {}

/** A part of a case that can be handed over. */
export interface CasePart {
  /** `letter`, the id of a question, `files/01-…`; of a follow-up with its folder before it. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Where it lies in what is handed over. */
  readonly file: ArchiveFile;
}

export interface HandOver {
  readonly archive: Archive;
  /** Of the case, 8 hex digits. */
  readonly short: string;
  readonly chosen: readonly CasePart[];
  readonly leftOut: readonly CasePart[];
}

const INNER = /^(?:follow-up|encrypted)-[0-9a-f]{8}(?:-\d+)?$/;
/** What never leaves, whatever is chosen. */
const NEVER = "the address for answers (mailbox and reply key), submission.json, source.json, staff's notes";

/** The parts of a case, in their order. @throws HandOverError `not_a_case`, or an error of the file system */
export async function partsOf(caseFolder: string): Promise<readonly CasePart[]> {
  const own = caseOf(caseFolder);
  if (own === null) throw new HandOverError("not_a_case", `${caseFolder} holds no submission that has been opened`);
  const inner = (await readdir(own.folder, { withFileTypes: true })).filter((each) => each.isDirectory());
  const folders = ["", ...inner.map(({ name }) => name).filter((name) => INNER.test(name))].sort();
  const parts: CasePart[] = [];
  for (const folder of folders) parts.push(...(await partsIn(own.folder, folder)));
  return parts;
}

/**
 * Packs the chosen parts of a case, with a list of what was left out, which tells kinds and sizes and no words, and
 * MANIFEST.txt, which `sha256sum --check` reads.
 * @param names as {@link partsOf} has them
 * @throws HandOverError, or an error of the file system
 */
export async function packHandOver(caseFolder: string, names: readonly string[]): Promise<HandOver> {
  const parts = await partsOf(caseFolder);
  const wanted = new Set(names);
  const [unknown] = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) throw new HandOverError("unknown_part", `the case has no part ${unknown}`);
  const chosen = parts.filter(({ name }) => wanted.has(name));
  if (chosen.length === 0) throw new HandOverError("nothing", "no part was chosen");
  const leftOut = parts.filter(({ name }) => !wanted.has(name));
  const list = textFile("LEFT-OUT.txt", `${leftOut.map(sayLeftOut).join("")}always  ${NEVER}\n`);
  const listDigest = createHash("sha256")
    .update(new Uint8Array(await new Response(list.open()).arrayBuffer()))
    .digest("hex");
  const lines = [...chosen.map(({ sha256, file }) => `${sha256}  ${file.name}\n`), `${listDigest}  ${list.name}\n`];
  const short = shortCase((caseOf(caseFolder) ?? unreachable()).record);
  const folders = [...new Set(chosen.flatMap(({ file }) => foldersOf(file.name)))].sort();
  const files = [textFile("MANIFEST.txt", lines.join("")), list, ...chosen.map(({ file }) => file)];
  return { archive: createArchive(`hand-over-${short}`, folders, files), short, chosen, leftOut };
}

function unreachable(): never {
  throw new HandOverError("not_a_case", "the case is no longer there");
}

/** Names of documents are the submitter's words: their number tells enough. */
function sayLeftOut({ name, bytes }: CasePart): string {
  return `${name.replace(/(files\/\d+).*$/s, "$1")}  ${bytes} bytes\n`;
}

function foldersOf(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join("/"));
}

async function partsIn(caseFolder: string, folder: string): Promise<CasePart[]> {
  const root = join(caseFolder, folder);
  const record = recordIn(root);
  if (record === null) return [];
  const before = folder === "" ? "" : `${folder}/`;
  const answers = Object.entries(record.answers).map(([id, answer]): CasePart => {
    const question = answer.question === "" ? id : answer.question;
    const file = textFile(`${before}answers/${id}.txt`, `${question}\n\n${sayAnswer(answer)}\n`);
    const bytes = new TextEncoder().encode(`${question}\n\n${sayAnswer(answer)}\n`);
    return { name: before + id, bytes: file.size, sha256: createHash("sha256").update(bytes).digest("hex"), file };
  });
  const entries = (await readdir(join(root, "files"), { withFileTypes: true }).catch(nullIfMissing)) ?? [];
  const documents = entries.filter((entry) => entry.isFile()).map(({ name }) => `files/${name}`);
  const files: CasePart[] = [];
  for (const name of ["letter.txt", ...documents.sort()]) {
    const path = join(root, name);
    const about = await stat(path).catch(nullIfMissing);
    if (about === null || !about.isFile()) continue;
    const open = () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
    const part = before + (name === "letter.txt" ? "letter" : name);
    const sha256 = await fileDigest(path, about.size);
    files.push({ name: part, bytes: about.size, sha256, file: { name: before + name, size: about.size, open } });
  }
  return [...files.slice(0, 1), ...answers, ...files.slice(1)];
}
