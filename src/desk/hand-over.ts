import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { sayAnswer, shortCase } from "../cases/index.js";
import { type Archive, type ArchiveFile, createArchive, Fault, textFile } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";
import { caseOf, documentPathsIn, innerFoldersOf, type OwnCase } from "./case-of.js";
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

/** What never leaves, whatever is chosen. */
const NEVER = "the address for answers (mailbox and reply key), submission.json, source.json, staff's notes";

/** The parts of a case, in their order. @throws HandOverError `not_a_case`, or an error of the file system */
export async function partsOf(caseFolder: string): Promise<readonly CasePart[]> {
  return partsOfCase(caseAt(caseFolder));
}

/**
 * Packs the chosen parts of a case, with a list of what was left out, which tells kinds and sizes and no words, and
 * MANIFEST.txt, which `sha256sum --check` reads.
 * @param names as {@link partsOf} has them
 * @throws HandOverError, or an error of the file system
 */
export async function packHandOver(caseFolder: string, names: readonly string[]): Promise<HandOver> {
  const own = caseAt(caseFolder);
  const parts = await partsOfCase(own);
  const wanted = new Set(names);
  const [unknown] = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) throw new HandOverError("unknown_part", `the case has no part ${unknown}`);
  const chosen = parts.filter(({ name }) => wanted.has(name));
  if (chosen.length === 0) throw new HandOverError("nothing", "no part was chosen");
  const leftOut = parts.filter(({ name }) => !wanted.has(name));
  const list = digested("LEFT-OUT.txt", `${leftOut.map(sayLeftOut).join("")}always  ${NEVER}\n`);
  const lines = [...chosen, list].map(({ sha256, file }) => `${sha256}  ${file.name}\n`);
  const short = shortCase(own.record);
  const folders = [...new Set(chosen.flatMap(({ file }) => foldersOf(file.name)))].sort();
  const files = [textFile("MANIFEST.txt", lines.join("")), list.file, ...chosen.map(({ file }) => file)];
  return { archive: createArchive(`hand-over-${short}`, folders, files), short, chosen, leftOut };
}

/** @throws HandOverError `not_a_case` */
function caseAt(folder: string): OwnCase {
  const own = caseOf(folder);
  if (own === null) throw new HandOverError("not_a_case", `${folder} holds no submission that has been opened`);
  return own;
}

async function partsOfCase({ folder }: OwnCase): Promise<readonly CasePart[]> {
  const parts: CasePart[] = [];
  for (const each of ["", ...(await innerFoldersOf(folder))]) parts.push(...(await partsIn(folder, each)));
  return parts;
}

function digested(name: string, text: string): Pick<CasePart, "sha256" | "file"> {
  return { sha256: createHash("sha256").update(text).digest("hex"), file: textFile(name, text) };
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
    const part = digested(`${before}answers/${id}.txt`, `${question}\n\n${sayAnswer(answer)}\n`);
    return { ...part, name: before + id, bytes: part.file.size };
  });
  const files: CasePart[] = [];
  for (const name of ["letter.txt", ...(await documentPathsIn(root))]) {
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
