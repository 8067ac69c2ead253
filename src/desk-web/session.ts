import {
  type Case,
  type CaseSubmission,
  type GroupedCase,
  groupCases,
  isSubmissionFile,
  submissionIdOf,
} from "../cases/index.js";
import { type OpenedSubmission, writeAcknowledgement } from "../core/index.js";
import type { KeyPart } from "../openpgp/index.js";
import { DeskError } from "./desk-error.js";
import type { KeyNotice, OpenedFile } from "./desk-messages.js";
import { isPickup, type Refused, readPickup } from "./pickup-tar.js";
import type { WorkerPool } from "./worker-pool.js";

export interface Progress {
  readonly done: number;
  readonly files: number;
  readonly bytes: number;
  readonly allBytes: number;
}

/** Everything opened since the page was loaded. Held in memory only. */
export class Session {
  readonly #workers: WorkerPool;
  /** By digest of the ciphertext by blocks. */
  readonly #opened = new Map<string, { readonly file: File; readonly opened: OpenedFile }>();
  readonly #answered = new Set<string>();
  #grouped: readonly GroupedCase[] = [];
  /** The files of keys that were chosen, by name, size and date. */
  readonly #keyFiles = new Map<string, File>();
  /** Open keys and subkeys, by fingerprint. */
  readonly unlocked = new Map<string, KeyPart>();
  /** Keys and subkeys that are not open. */
  locked: readonly KeyPart[] = [];
  /** What is wrong with files of keys. */
  keyNotices: readonly KeyNotice[] = [];
  /** Files of the last run that were not begun when it was stopped. */
  notBegun = 0;
  /** Files of the last run that were open already. */
  known = 0;
  /** Files of the last run that failed to open. */
  refused: readonly Refused[] = [];
  /** Whether the acknowledgement has been saved since the last file was opened. */
  acknowledged = true;

  constructor(workers: WorkerPool) {
    this.#workers = workers;
  }

  /**
   * Tries `passphrase` on the keys in `files` and in those chosen before.
   * @returns how many keys and subkeys it has opened
   * @throws DeskError
   */
  async unlock(files: readonly File[], passphrase: string): Promise<number> {
    for (const file of files) this.#keyFiles.set(`${file.name} ${file.size} ${file.lastModified}`, file);
    const chosen = [...this.#keyFiles.values()];
    const { open, closed, notices } = await this.#workers.unlock(chosen, passphrase, [...this.unlocked.keys()]);
    for (const part of open) this.unlocked.set(part.fingerprint, part);
    // What is wrong with a file is said once.
    for (const [id, { name }] of this.#keyFiles) {
      if (notices.some(({ file, fault }) => file === name && fault !== "partly_damaged")) this.#keyFiles.delete(id);
    }
    this.locked = closed;
    this.keyNotices = notices;
    return open.length;
  }

  /**
   * Opens every submission among `files`, and in downloads from the pickup pages among them. Returns how many there
   * were, with downloads that hold none. Failures are in `refused` afterwards.
   */
  async open(files: readonly File[], onProgress: (progress: Progress) => void): Promise<number> {
    const wanted = files.filter(({ name }) => isSubmissionFile(name));
    const refused: Refused[] = [];
    for (const tar of files.filter(isPickup)) {
      const pickup = await readPickup(tar);
      wanted.push(...pickup.files);
      refused.push(...pickup.refused);
    }
    const refusedBefore = refused.length;
    const allBytes = wanted.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    let bytes = 0;
    const tell = () => onProgress({ done, files: wanted.length, bytes, allBytes });
    this.known = 0;
    this.notBegun = 0;
    tell();
    await Promise.all(
      wanted.map(async (file) => {
        try {
          const opened = await this.#workers.request({ kind: "open", file }, (read) => {
            bytes += read;
            tell();
          });
          this.#keep(file, opened);
        } catch (cause) {
          const error = cause instanceof DeskError ? cause : new DeskError("crashed", "");
          if (error.code === "stopped") {
            this.notBegun += 1;
            return;
          }
          refused.push({ name: file.name, error });
        }
        done += 1;
        tell();
      }),
    );
    this.refused = refused.sort((left, right) => (left.name < right.name ? -1 : 1));
    this.#grouped = groupCases([...this.#opened.values()].map(({ opened }) => opened));
    return wanted.length + refusedBefore;
  }

  /** Opens no more files; those in progress finish. */
  stop(): void {
    this.#workers.drop();
  }

  get cases(): readonly Case[] {
    return this.#grouped
      .map(({ one }) => one)
      .map((one) => (this.#answered.has(one.id) ? { ...one, status: "answered" } : one));
  }

  get size(): number {
    return this.#opened.size;
  }

  /** The file of a submission. @throws DeskError `crashed` */
  fileOf(submission: CaseSubmission): File {
    for (const { from } of this.#grouped) {
      for (const [view, opened] of from) {
        if (view.folder === submission.folder) return this.#fileOf(opened as OpenedFile);
      }
    }
    throw new DeskError("crashed", "no file");
  }

  addressOf(one: Case) {
    return this.#grouped.find((each) => each.one.id === one.id && each.one.folder === one.folder)?.address ?? null;
  }

  markAnswered(one: Case): void {
    this.#answered.add(one.id);
  }

  /** The acknowledgement.json for every opened file that came from a portal's store. */
  acknowledge(): string {
    this.acknowledged = true;
    const found: OpenedSubmission[] = [];
    for (const { file, opened } of this.#opened.values()) {
      const id = submissionIdOf(file.name);
      if (id !== null) found.push({ id, blocksSha256: opened.blocksSha256 });
    }
    return writeAcknowledgement(found);
  }

  #keep(file: File, opened: OpenedFile): void {
    const before = this.#opened.get(opened.blocksSha256);
    if (before !== undefined) this.known += 1;
    // Of two copies, prefer the one named by its id: only that can be acknowledged.
    if (before !== undefined && submissionIdOf(before.file.name) !== null) return;
    this.#opened.set(opened.blocksSha256, { file, opened });
    this.acknowledged = false;
  }

  #fileOf({ blocksSha256 }: OpenedFile): File {
    const found = this.#opened.get(blocksSha256);
    if (found === undefined) throw new DeskError("crashed", "no file");
    return found.file;
  }
}
