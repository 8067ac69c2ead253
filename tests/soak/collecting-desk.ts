import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCase } from "../support/portal.js";
import type { SentLetter } from "./honest-letters.js";
import type { PortalProcess } from "./portal-process.js";

/** Answers at each collection, at most. */
const ANSWERS = 3;

/** Staff that collect, open, answer and acknowledge by the program's own commands, and what they have found so far. */
export class CollectingDesk {
  readonly #portal: PortalProcess;
  /** How many times each letter was found, by its text. */
  readonly #found = new Map<string, number>();
  readonly #digests = new Map<string, string>();
  #answers = new Map<string, string>();
  #collections = 0;

  constructor(portal: PortalProcess) {
    this.#portal = portal;
  }

  /**
   * @param sent what may be found; an answer goes to some of it
   * @returns the receipt codes of the letters that were answered this time, with the answers
   */
  async collect(sent: ReadonlyMap<string, SentLetter>): Promise<ReadonlyMap<string, string>> {
    this.#collections += 1;
    this.#answers = new Map();
    const day = `day-${this.#collections}`;
    await this.#run(["export", "--new", day]);
    const letters = (await this.#portal.files(day)).filter((file) => file.endsWith(".gpg"));
    if (letters.length === 0) return this.#answers;
    const keys = (await this.#portal.secrets()).flatMap((key) => ["--key", key]);
    const cases = `${day}-cases`;
    const open = ["open", day, ...keys, "--passphrase-file", "passphrase", "--out", cases, "--notices", "notices"];
    const { code, stdout, stderr } = await this.#portal.command(open);
    if (code !== 0) throw new Error(`postern open ended with ${code}: ${stderr}`);
    const folders = [...stdout.matchAll(/-> (\S+)$/gm)].map(([, folder]) => join(this.#portal.folder, folder ?? ""));
    for (const folder of folders) await this.#read(folder, sent);
    await this.#run(["acknowledge", join(cases, "acknowledgement.json")]);
    // What was opened may go, and the answers of the time before; what has come since must stay.
    await this.#portal.commandLater(["prune"]);
    if (this.#answers.size > 0) await this.#run(["replies", "import", "answers"]);
    const done = [day, cases, "answers", "notices"];
    for (const name of done) await rm(join(this.#portal.folder, name), { recursive: true, force: true });
    return this.#answers;
  }

  /** Faults: what was promised and is not there, is there twice, or is there although it was refused. */
  faults(sent: ReadonlyMap<string, SentLetter>): string[] {
    return [...sent.values()].flatMap(({ text, outcome, sha256 }) => {
      const times = this.#found.get(text) ?? 0;
      const digest = this.#digests.get(text);
      return [
        ...(outcome === "receipt" && times === 0 ? [`${text}: lost`] : []),
        ...(outcome === "refused" && times > 0 ? [`${text}: refused, and stored`] : []),
        ...(times > 1 ? [`${text}: stored ${times} times`] : []),
        ...(digest !== undefined && sha256 !== null && digest !== sha256 ? [`${text}: another document`] : []),
      ];
    });
  }

  /** How many of `sent` were found, and how many letters are of others: of the attackers. */
  counts(sent: ReadonlyMap<string, SentLetter>): { readonly found: number; readonly foreign: number } {
    const times = (own: boolean) =>
      [...this.#found].reduce((sum, [text, found]) => sum + (sent.has(text) === own ? found : 0), 0);
    return { found: times(true), foreign: times(false) };
  }

  async #read(folder: string, sent: ReadonlyMap<string, SentLetter>): Promise<void> {
    const { record, files } = await readCase(folder);
    const text = String(record.answers.message);
    this.#found.set(text, (this.#found.get(text) ?? 0) + 1);
    const document = files[0]?.contents;
    if (document !== undefined) this.#digests.set(text, createHash("sha256").update(document).digest("hex"));
    const code = sent.get(text)?.receiptCode ?? null;
    if (code !== null && this.#answers.size < ANSWERS) {
      const answer = `An answer to ${text}.`;
      await writeFile(join(this.#portal.folder, "answer.txt"), answer);
      await this.#run(["reply", folder, "--text", "answer.txt", "--out", "answers"]);
      this.#answers.set(code, answer);
    }
  }

  async #run(words: readonly string[]): Promise<void> {
    const { code, stderr } = await this.#portal.command(words);
    if (code !== 0) throw new Error(`postern ${words.join(" ")} ended with ${code}: ${stderr}`);
  }
}

/** How many of `answers` the portal shows to who asks with the receipt code. */
export async function shownAnswers(url: string, answers: ReadonlyMap<string, string>): Promise<number> {
  let shown = 0;
  for (const [code, answer] of answers) {
    const body = new URLSearchParams({ "receipt-code": code });
    const page = await (await fetch(new URL("/en/replies", url), { method: "POST", body })).text();
    if (page.includes(answer)) shown += 1;
  }
  return shown;
}
