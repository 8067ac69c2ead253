import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findSubmissions, type Outcome, openSubmissions, workerOpener } from "../../../src/desk/index.js";
import { shareOf } from "../../support/length.js";
import { removeFolder } from "../../support/temporary.js";

/** Long enough for a thread to start on a busy machine, where the fault is not a stall. */
const STALL_TIMEOUT_MS = 2_000;
const PATIENT_MS = 60_000;
/** What a faulty worker does: it ends, throws, hangs, falls silent, or says something that makes no sense. */
const FAULTS = {
  exit: "process.exit(1)",
  throw: 'throw new Error("out of order")',
  hang: "for (;;);",
  wait: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  silence: "return true",
  null: "post(null)",
  number: "post(7)",
  text: 'post("opened")',
  nothing: "post({})",
  function: "post({ id, kind: { toString() { return 'opened' } }.kind })",
  "an unknown kind": 'post({ id, kind: "done" })',
  "no record": 'post({ id, kind: "opened", bytes: 1 })',
  "a false record": 'post({ id, kind: "opened", bytes: 1, record: { caseId: "../..", names: new Map() } })',
  "no code": 'post({ id, kind: "failed" })',
  "no progress": 'post({ id, kind: "read", bytes: 0 })',
  "backward progress": 'post({ id, kind: "read", bytes: -1 })',
  "more progress than the file has bytes": 'post({ id, kind: "read", bytes: 1e9 })',
  "progress that is no number": 'post({ id, kind: "read", bytes: NaN })',
  "the answer for another": "post({ ...opened, id: id + 1000 })",
  "an answer twice": "post(opened); post(opened)",
} as const;
type FaultName = keyof typeof FAULTS;
const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
/** Another share of them at each moment. */
const from = (first: number, names: readonly FaultName[]) =>
  shareOf([...names.slice(first), ...names.slice(0, first)], 5);

/** Stands in for the workers' program. It is faulty at `moment`, for the files named so, or in any thread. */
function program(moment: "start" | "keys" | "request" | "read" | "after", fault: FaultName): URL {
  const at = (when: string) => (when === moment ? `if (bad && faulty() === true) return;` : "");
  return new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { createHash } from "node:crypto";
      import { writeFileSync } from "node:fs";
      import { parentPort } from "node:worker_threads";
      const post = (message) => { parentPort.postMessage(message); };
      const run = (id, bad, opened, faulty) => { ${at("start")} };
      run(0, true, {}, () => { const id = 0, opened = { id }; ${FAULTS[fault]} });
      parentPort.on("message", (message) => {
        const { id = 0, file, folder } = message;
        const bad = file === undefined || file.includes("bad");
        const caseId = createHash("md5").update(file ?? "").digest("hex");
        const record = { caseId, address: null, followUp: false, language: "", encrypted: "", choices: {}, names: new Map() };
        const opened = { id, kind: "opened", record, bytes: 2 };
        const faulty = () => { ${FAULTS[fault]} };
        if (file === undefined) { ${at("keys")} return; }
        ${at("request")}
        writeFileSync(folder + "/letter.txt", "x", { flag: "wx" });
        post({ id, kind: "read", bytes: 1 });
        ${at("read")}
        post(opened);
        ${at("after")}
      });
    `)}`,
  );
}

const NAMES = ["1", "2", "3-bad", "4", "5"];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-faults-"));
  await mkdir(join(folder, "inbox"));
  for (const name of NAMES) await writeFile(join(folder, "inbox", `${name}.gpg`), `abc ${name}`);
});
afterEach(() => removeFolder(folder));

async function run(url: URL, stallTimeoutMs: number, keys: Promise<[]> = Promise.resolve([])): Promise<Outcome[]> {
  const opener = workerOpener(keys, 2, url, stallTimeoutMs);
  const outcomes: Outcome[] = [];
  try {
    const files = await findSubmissions([join(folder, "inbox")]);
    for await (const outcome of openSubmissions(files, { opener, out: join(folder, "out") })) outcomes.push(outcome);
  } finally {
    await opener.close();
  }
  return outcomes;
}

/** Each file's outcome: its name, and the code if it failed. */
const told = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => {
    const name = outcome.file.slice(-9, -4).replace(/^.*\//, "");
    return outcome.kind === "failed" ? [name, (outcome.cause as Error & { code?: string }).code] : [name, outcome.kind];
  });
const stalls = (fault: FaultName) => ["hang", "wait", "silence"].includes(fault);
const timeoutFor = (fault: FaultName) => (stalls(fault) ? STALL_TIMEOUT_MS : PATIENT_MS);
/** The bad file fails with this code, and the others open. */
const onlyTheBad = (code: string) => NAMES.map((name) => [name, name.endsWith("bad") ? code : "opened"]);

describe("a run with faulty workers ends, with an outcome for each file", () => {
  const beforeAnAnswer = FAULT_NAMES.filter((fault) => fault !== "an answer twice");
  it.each(from(0, beforeAnAnswer))("at a file, before any progress: %s", async (fault) => {
    const outcomes = await run(program("request", fault), timeoutFor(fault));
    expect(told(outcomes)).toEqual(onlyTheBad(stalls(fault) ? "stalled" : "crashed"));
    expect(await readdir(join(folder, "out"))).toHaveLength(4);
  });

  it.each(from(1, beforeAnAnswer))("at a file, after some progress: %s", async (fault) => {
    const outcomes = await run(program("read", fault), timeoutFor(fault));
    expect(told(outcomes)).toEqual(onlyTheBad(stalls(fault) ? "stalled" : "crashed"));
    expect(await readdir(join(folder, "out"))).toHaveLength(4);
  });

  it.each(from(2, FAULT_NAMES))("after an answer: %s", async (fault) => {
    const outcomes = await run(program("after", fault), timeoutFor(fault));
    expect(outcomes.map(({ file }) => file)).toEqual(await findSubmissions([join(folder, "inbox")]));
  });

  const ofAThread = FAULT_NAMES.filter((fault) => fault !== "silence");
  it.each(from(3, ofAThread))("at the start of a thread: %s", async (fault) => {
    expect(await run(program("start", fault), stalls(fault) ? 500 : PATIENT_MS)).toHaveLength(5);
  });

  it.each(from(4, ofAThread))("when the keys arrive: %s", async (fault) => {
    expect(await run(program("keys", fault), stalls(fault) ? 500 : PATIENT_MS)).toHaveLength(5);
  });

  it("if the program does not exist", async () => {
    const outcomes = await run(new URL("file:///nowhere.js"), PATIENT_MS);
    expect(told(outcomes)).toEqual(NAMES.map((name) => [name, "crashed"]));
  });

  it("if the keys cannot be passed to the workers", async () => {
    const outcomes = await run(program("request", "silence"), PATIENT_MS, Promise.reject(new Error("no keys")));
    expect(told(outcomes)).toEqual(NAMES.map((name) => [name, "crashed"]));
  });
});
