import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import type { PrivateKey } from "openpgp";
import { isCaseId, isInnerFolder, submissionIdOf, writeNoteEvent } from "../cases/index.js";
import { Fault, fieldsOf, isDay, jsonOrNull, maxContentBytes, readJson } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";
import { messageIn, openMessage } from "../openpgp/index.js";
import { openCaseNotes } from "./case-notes.js";
import { caseOf, documentPathsIn, innerFoldersOf } from "./case-of.js";
import { fileDigest, sourceIn } from "./open/index.js";

/** `changed_ciphertext`: a file in the inbox has the name of a submission, and other bytes than were opened. */
export class DossierError extends Fault<"not_a_case" | "changed_ciphertext" | "malformed"> {}

/** One file of a case. */
export interface DossierFile {
  /** Below the case's folder, `/`-separated. */
  readonly path: string;
  readonly bytes: number;
  /** Hex, as are all digests here. */
  readonly sha256: string;
}

export interface DossierSubmission {
  /** Below the case's folder; empty for the first submission. */
  readonly folder: string;
  /** The file it was opened from, and the id in the store; null if it did not come from there. */
  readonly file: string;
  readonly id: string | null;
  /** UTC day of arrival; empty if unknown. */
  readonly day: string;
  /** Of the ciphertext; null if the case's source.json does not tell. */
  readonly sha256: string | null;
  /** Of the decrypted archive; null if the ciphertext was not there to be opened again. */
  readonly archiveSha256: string | null;
  readonly files: readonly DossierFile[];
}

/** What was recorded of a case, and nothing that anybody wrote about it: of a note there is its digest. */
export interface DossierEvent {
  /** `desk`: its log of notes. `server`: its ledger. */
  readonly from: "desk" | "server";
  /** UTC, ISO 8601, or a day. */
  readonly at: string;
  readonly by: string;
  readonly what: string;
  /** Of the line in the log. */
  readonly sha256: string;
}

export interface Dossier {
  readonly format: "postern-dossier";
  readonly version: 1;
  /** 32 hex digits. */
  readonly case: string;
  /** UTC day on which it was made. */
  readonly made: string;
  /** Fingerprint of the key that signs, upper-case hex. */
  readonly signedBy: string;
  readonly submissions: readonly DossierSubmission[];
  readonly events: readonly DossierEvent[];
  /** Of the server's audit trail, as it was at the time; null if it was not given. */
  readonly auditSha256: string | null;
}

export interface DossierRequest {
  readonly caseFolder: string;
  /** Folder of the ciphertexts, or null. */
  readonly inbox: string | null;
  /** Signs, and opens the ciphertexts again. */
  readonly key: PrivateKey;
  /** Copies of the server's ledger.jsonl and audit.jsonl, or null. */
  readonly ledger: string | null;
  readonly audit: string | null;
  readonly day: string;
}

const OWN_FILES = ["letter.txt", "submission.json", "source.json"];

/** @throws DossierError, DecryptError, CaseNotesError or an error of the file system */
export async function makeDossier(request: DossierRequest): Promise<Dossier> {
  const { caseFolder, inbox, key, ledger, audit, day } = request;
  const own = caseOf(caseFolder);
  if (own === null) throw new DossierError("not_a_case", `${caseFolder} holds no submission that has been opened`);
  const submissions: DossierSubmission[] = [];
  for (const folder of ["", ...(await innerFoldersOf(own.folder))]) {
    const { file, sha256, day: arrived } = sourceIn(join(own.folder, folder));
    const archiveSha256 =
      inbox === null || sha256 === null ? null : await archiveDigest(join(inbox, basename(file)), sha256, key);
    const id = submissionIdOf(file);
    submissions.push({
      folder,
      file,
      id,
      day: arrived,
      sha256,
      archiveSha256,
      files: await filesIn(own.folder, folder),
    });
  }
  const ids = new Set(submissions.flatMap(({ id }) => id ?? []));
  return {
    format: "postern-dossier",
    version: 1,
    case: own.record.caseId,
    made: day,
    signedBy: key.getFingerprint().toUpperCase(),
    submissions,
    events: [
      ...(ledger === null ? [] : await ledgerEvents(ledger, ids)),
      ...(own.root === null ? [] : await deskEvents(own.root, own.record.caseId)),
    ],
    auditSha256: audit === null ? null : await fileDigest(audit, (await stat(audit)).size),
  };
}

/** The text of a dossier, which is what is signed. */
export function writeDossier(dossier: Dossier): string {
  return `${JSON.stringify(dossier, null, 1)}\n`;
}

/**
 * What differs between a dossier and a case's folder, as lines for people; none if every byte is the same. What came
 * to the case later does not count.
 * @param text of the dossier, whose signature has been verified
 * @throws DossierError `malformed`
 */
export async function compareWithDossier(text: string, caseFolder: string): Promise<readonly string[]> {
  const listed = readListed(text);
  const own = caseOf(caseFolder);
  const differences: string[] = [];
  if (own?.record.caseId !== listed.caseId)
    differences.push(`${caseFolder} is not the folder of case ${listed.caseId}`);
  for (const { folder, files } of listed.submissions) {
    const here = new Map((await filesIn(caseFolder, folder)).map((file) => [file.path, file.sha256]));
    for (const { path, sha256 } of files) {
      const found = here.get(path);
      if (found !== sha256) differences.push(found === undefined ? `${path} is missing` : `${path} was changed`);
      here.delete(path);
    }
    for (const path of here.keys()) differences.push(`${path} was added`);
  }
  return differences;
}

async function filesIn(caseFolder: string, folder: string): Promise<DossierFile[]> {
  const root = join(caseFolder, folder);
  const found: DossierFile[] = [];
  for (const name of [...OWN_FILES, ...(await documentPathsIn(root))]) {
    const about = await stat(join(root, name)).catch(nullIfMissing);
    if (about === null || !about.isFile()) continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    found.push({ path, bytes: about.size, sha256: await fileDigest(join(root, name), about.size) });
  }
  return found;
}

async function archiveDigest(file: string, sha256: string, key: PrivateKey): Promise<string | null> {
  const about = await stat(file).catch(nullIfMissing);
  if (about === null || !about.isFile()) return null;
  if ((await fileDigest(file, about.size)) !== sha256) {
    throw new DossierError("changed_ciphertext", `${file} is not what the case was opened from`);
  }
  const source = await messageIn(Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>);
  const { data } = await openMessage(source, [key], maxContentBytes(about.size));
  const hash = createHash("sha256");
  for await (const chunk of data) hash.update(chunk);
  return hash.digest("hex");
}

async function deskEvents(root: string, caseId: string): Promise<DossierEvent[]> {
  const { book } = await openCaseNotes(root);
  return book.events(caseId).map((event): DossierEvent => {
    const what = "status" in event.set ? `status: ${event.set.status}` : (Object.keys(event.set)[0] ?? "");
    return { from: "desk", at: event.at, by: event.by, what, sha256: digestOf(writeNoteEvent(event)) };
  });
}

async function ledgerEvents(path: string, ids: ReadonlySet<string>): Promise<DossierEvent[]> {
  const lines = (await readFile(path, "utf8")).split("\n");
  return lines.flatMap((line): DossierEvent[] => {
    // A crash may have cut a line off.
    const { kind, id, by, day } = fieldsOf(jsonOrNull(line));
    if (typeof kind !== "string" || typeof id !== "string" || !ids.has(id)) return [];
    const at = isDay(day) ? day : "";
    return [{ from: "server", at, by: typeof by === "string" ? by : "", what: kind, sha256: digestOf(line) }];
  });
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function readListed(text: string) {
  const malformed = (cause?: unknown) => new DossierError("malformed", "this is not a dossier of postern", { cause });
  const { format, version, case: caseId, submissions } = fieldsOf(readJson(text, malformed));
  if (format !== "postern-dossier" || version !== 1 || !isCaseId(caseId) || !Array.isArray(submissions))
    throw malformed();
  const read = submissions.map((each: unknown) => {
    const { folder, files } = fieldsOf(each);
    // It becomes a part of a path.
    if (typeof folder !== "string" || !(folder === "" || isInnerFolder(folder)) || !Array.isArray(files))
      throw malformed();
    const listed = files.map((file: unknown) => {
      const { path, sha256 } = fieldsOf(file);
      if (typeof path !== "string" || typeof sha256 !== "string") throw malformed();
      return { path, sha256 };
    });
    return { folder, files: listed };
  });
  return { caseId, submissions: read };
}
