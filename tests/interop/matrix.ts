import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openingPrograms } from "../../src/cli/opening-programs.js";
import { createSubmission, Fault, randomHex } from "../../src/core/index.js";
import { encryptMessage, inspectMessage, withoutArmor } from "../../src/openpgp/index.js";
import {
  loadRecipients,
  type Recipients,
  RecipientsError,
  recipientsGuard,
} from "../../src/server/recipients/index.js";
import { collect, pieces, streamOf } from "../support/bytes.js";
import { run } from "../support/gpg.js";
import { program } from "../support/program.js";
import type { MadeKey, Program } from "./programs/index.js";

/** What became of a message: opened, or the code of the refusal, or null where the program itself fails. */
export type Outcome = "opens" | string | null;

/** One key of one program in `keys/`. */
export interface KeyRow {
  readonly maker: string;
  readonly setting: string;
  /** The code and the words of the portal's refusal; null if it takes the certificate. */
  readonly refused: { readonly code: string; readonly message: string } | null;
  /** Algorithm of the key that is encrypted to, and SEIPD version. */
  readonly makes: string;
  /** Whether each program opens what the portal makes, ourselves first. */
  readonly opens: Readonly<Record<string, boolean>>;
  /** What becomes of a file that each program makes for it. */
  readonly files: Readonly<Record<string, Outcome>>;
  /** What `keys check` promises, by the name it uses. */
  readonly promised: { readonly opens: readonly string[]; readonly fails: readonly string[] };
}

/** What becomes of a file that a program makes with an option, for a key that it made by default. */
export interface WayRow {
  readonly maker: string;
  readonly way: string;
  readonly outcome: Outcome;
}

export interface Matrix {
  readonly keys: readonly KeyRow[];
  readonly ways: readonly WayRow[];
  /** Settings that a program offers and then fails with. */
  readonly failures: readonly string[];
}

const SELF = "Postern";
const UNOPENED = "taken, but does not open";
const PROGRAM = await program();
const CONCURRENCY = 2;

/** Tries every key of every program with every program. */
export async function runMatrix(programs: readonly Program[]): Promise<Matrix> {
  const failures: string[] = [];
  const settings = programs.flatMap((maker) => Object.keys(maker.keys).map((setting) => ({ maker, setting })));
  const keys = await inTurns(settings, async ({ maker, setting }) => {
    const made = await maker.keys[setting]?.().catch((cause: unknown) => {
      failures.push(`${maker.name}, ${setting}: ${firstLine(cause)}`);
    });
    return made === undefined ? [] : [await tryKey(maker, setting, made, programs)];
  });
  const options = programs.flatMap((maker) => maker.ways.map((way) => ({ maker, way })));
  const ways = await inTurns(options, async ({ maker, way }) => [await tryWay(maker, way, programs)]);
  return { keys: keys.flat(), ways: ways.flat(), failures };
}

async function tryKey(maker: Program, setting: string, made: MadeKey, programs: readonly Program[]): Promise<KeyRow> {
  const row = { maker: maker.name, setting };
  const loaded = await load(made.certificate);
  if (loaded instanceof RecipientsError) {
    const [{ code, message } = { code: "none", message: "" }] = loaded.problems;
    return { ...row, refused: { code, message }, makes: "", opens: {}, files: {}, promised: { opens: [], fails: [] } };
  }
  const now = new Date();
  const recipients = loaded.at(now);
  const [recipient] = recipients;
  if (recipient === undefined) throw new Error("there is no recipient");
  const plaintext = await submission();
  const message = await collect(await encryptMessage(streamOf(...pieces(plaintext, 10_000)), recipients, now));
  const { protection } = await inspectMessage(streamOf(message));
  const opens: Record<string, boolean> = {};
  const files: Record<string, Outcome> = {};
  const taken = new Map<string, Uint8Array>([[SELF, message]]);
  for (const program of programs) {
    const opened = await program.decrypt(made.secret, message).catch(() => null);
    opens[program.name] = opened !== null && Buffer.compare(opened, plaintext) === 0;
    const file = await program.encrypt(made.certificate, await submission()).catch(() => null);
    const judged = file === null ? null : await judge(file, loaded);
    if (judged instanceof Uint8Array) taken.set(program.name, judged);
    files[program.name] = judged instanceof Uint8Array ? UNOPENED : judged;
  }
  const opened = await openOurselves(taken, made.secret);
  for (const name of opened) files[name] = "opens";
  delete files[SELF];
  const algorithms = recipient.certificate.at(now).keys.map(({ algorithm }) => algorithm);
  return {
    ...row,
    refused: null,
    makes: `${algorithms.join(" and ")}, SEIPD ${protection.version}`,
    opens: { [SELF]: opened.has(SELF), ...opens },
    files,
    promised: openingPrograms(recipient, recipients, now),
  };
}

async function tryWay(maker: Program, way: string, programs: readonly Program[]): Promise<WayRow> {
  const base = programs.find(({ name }) => name.startsWith("GnuPG")) ?? maker;
  const made = await base.keys["RSA 3072"]?.();
  if (made === undefined) throw new Error(`${base.name} makes no RSA key`);
  const loaded = await load(made.certificate);
  if (loaded instanceof RecipientsError) throw loaded;
  const file = await maker.encrypt(made.certificate, await submission(), way).catch(() => null);
  const judged = file === null ? null : await judge(file, loaded);
  if (!(judged instanceof Uint8Array)) return { maker: maker.name, way, outcome: judged };
  const opened = await openOurselves(new Map([[way, judged]]), made.secret);
  return { maker: maker.name, way, outcome: opened.has(way) ? "opens" : UNOPENED };
}

async function load(certificate: Uint8Array): Promise<Recipients | RecipientsError> {
  const folder = await mkdtemp(join(tmpdir(), "postern-keys-"));
  try {
    await writeFile(join(folder, "staff.asc"), certificate);
    return await loadRecipients(folder, new Date());
  } catch (cause) {
    if (cause instanceof RecipientsError) return cause;
    throw cause;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What `/encrypted` would store of a file, or the code of its refusal. */
async function judge(file: Uint8Array, recipients: Recipients): Promise<Uint8Array | string> {
  try {
    return await collect(streamOf(file).pipeThrough(withoutArmor()).pipeThrough(recipientsGuard(recipients)));
  } catch (cause) {
    if (cause instanceof Fault) return String(cause.code);
    throw cause;
  }
}

/** Names of the messages that `postern open` makes cases of. */
async function openOurselves(messages: ReadonlyMap<string, Uint8Array>, secret: Uint8Array): Promise<Set<string>> {
  const folder = await mkdtemp(join(tmpdir(), "postern-open-"));
  try {
    const at = (name: string) => join(folder, name);
    await writeFile(at("secret"), secret, { mode: 0o600 });
    const names = [...messages.keys()];
    const files = names.map((_name, index) => at(`${index}.gpg`));
    for (const [index, name] of names.entries()) await writeFile(files[index] ?? "", messages.get(name) ?? "");
    const words = ["open", ...files, "--key", at("secret"), "--out", at("cases"), "--jobs", "1"];
    const { stdout } = await run(process.execPath, [PROGRAM, ...words]);
    const said = stdout.toString();
    return new Set(names.filter((_name, index) => said.includes(`${files[index]} -> `)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function submission(): Promise<Uint8Array> {
  const form = { id: "default", version: 1 };
  const contents = {
    caseId: randomHex(16),
    form,
    language: "ru",
    answers: {},
    letter: "Здравствуйте\n",
    documents: [],
  };
  return collect(createSubmission({ ...contents, encryptedBy: "server" }).stream);
}

async function inTurns<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await act(item);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

function firstLine(cause: unknown): string {
  const lines = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  return lines.slice(0, 2).join(" ");
}
