import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeskKeys, DeskRequest, DeskResponse, OpenedFile, Unlocked } from "../../src/desk-web/desk-messages.js";
import { Session } from "../../src/desk-web/session.js";
import { WorkerPool } from "../../src/desk-web/worker-pool.js";

/** Stands in for a worker: records its requests, and responds when the test says so. */
class Helper {
  static readonly all: Helper[] = [];
  static failsToStart = false;
  readonly requests: (DeskRequest | DeskKeys)[] = [];
  terminated = false;
  /** Called with each request, instead of waiting for the test. */
  static respond: ((helper: Helper, request: DeskRequest) => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onmessageerror: (() => void) | null = null;
  constructor() {
    if (Helper.failsToStart) throw new Error("no memory");
    Helper.all.push(this);
  }
  postMessage(request: DeskRequest | DeskKeys): void {
    this.requests.push(request);
    if (request.kind !== "keys") Helper.respond?.(this, request);
  }
  terminate(): void {
    this.terminated = true;
  }
  post(data: unknown): void {
    this.onmessage?.({ data });
  }
  finish(value: unknown = OPENED): void {
    this.post({ kind: "done", value });
  }
  get doing(): string {
    return this.requests.map(({ kind }) => kind).join();
  }
}

const file = new File(["x"], "a.tar.gpg");
const OPENED: OpenedFile = {
  record: {
    caseId: "1".repeat(32),
    address: null,
    followUp: false,
    language: "",
    encrypted: "",
    answers: {},
    names: new Map(),
  },
  layout: "form",
  letter: "",
  documents: [],
  day: "2026-01-01",
  blocksSha256: "0".repeat(64),
};
const PART = { fingerprint: "A", primary: "A", userId: "", lock: null };
const UNLOCKED: Unlocked = { bodies: [new Uint8Array(1)], open: [PART], closed: [], notices: [] };
const STALL_MS = 1_000;

beforeEach(() => {
  Helper.all.length = 0;
  Helper.failsToStart = false;
  Helper.respond = null;
  vi.useFakeTimers();
  vi.stubGlobal("Worker", Helper);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const doing = () => Helper.all.map((each) => each.doing);

describe("the desk page's workers", () => {
  it("handle one request each, and the next as soon as one is idle", async () => {
    const workers = new WorkerPool("blob:x", 2);
    const opened = ["1", "2", "3"].map(() => workers.request({ kind: "open", file }));
    expect(doing()).toEqual(["open", "open"]);
    Helper.all[1]?.finish();
    await opened[1];
    expect(doing()).toEqual(["open", "open,open"]);
  });

  it("have one of them unlock a key before the waiting requests, and all of them given it", async () => {
    const workers = new WorkerPool("blob:x", 2);
    for (let count = 0; count < 3; count += 1) workers.request({ kind: "open", file }).catch(() => undefined);
    Helper.all[0]?.finish();
    expect(doing()).toEqual(["open,open", "open"]);
    const unlocked = workers.unlock([file], "words", []);
    for (let count = 0; count < 2; count += 1) workers.request({ kind: "open", file }).catch(() => undefined);
    Helper.all[1]?.finish();
    expect(doing()).toEqual(["open,open", "open,unlock"]);
    Helper.all[1]?.finish(UNLOCKED);
    expect(await unlocked).toEqual(UNLOCKED);
    expect(doing()).toEqual(["open,open,keys", "open,unlock,open,keys"]);
  });

  it("drop the requests that none has begun", async () => {
    const workers = new WorkerPool("blob:x", 1);
    const [first, second] = ["1", "2"].map(() => workers.request({ kind: "open", file }));
    workers.drop();
    await expect(second).rejects.toMatchObject({ code: "stopped" });
    Helper.all[0]?.finish();
    await first;
  });

  it("end every request when they are stopped", async () => {
    const workers = new WorkerPool("blob:x", 1);
    const both = ["1", "2"].map(() => workers.request({ kind: "open", file }));
    workers.stop();
    for (const each of both) await expect(each).rejects.toMatchObject({ code: "stopped" });
    expect(Helper.all[0]?.terminated).toBe(true);
  });
});

describe("a worker that fails", () => {
  /** What it posts for one request, when all is well. */
  const MESSAGES: readonly DeskResponse[] = [
    { kind: "read", bytes: 0 },
    { kind: "read", bytes: 10 },
    { kind: "done", value: OPENED },
  ];
  const GARBAGE: readonly unknown[] = [
    undefined,
    null,
    "done",
    {},
    { kind: "read", bytes: -1 },
    { kind: "read", bytes: "1" },
    { kind: "done" },
    { kind: "done", value: null },
    { kind: "done", value: { ...OPENED, blocksSha256: undefined } },
    { kind: "done", value: { ...OPENED, record: { ...OPENED.record, names: [] } } },
    { kind: "failed", fault: "constructor", detail: "" },
    { kind: "failed", fault: "damaged" },
  ];
  const FAULTS: readonly (readonly [string, "crashed" | "stalled", (worker: Helper) => void])[] = [
    ["ends with an error", "crashed", (worker) => worker.onerror?.()],
    ["posts what cannot be copied", "crashed", (worker) => worker.onmessageerror?.()],
    ["falls silent", "stalled", () => vi.advanceTimersByTime(2 * STALL_MS)],
    ...GARBAGE.map(
      (data, index) => [`posts garbage ${index}`, "crashed", (worker: Helper) => worker.post(data)] as const,
    ),
  ];
  const PLACES = FAULTS.flatMap((fault) => MESSAGES.map((_message, at) => [...fault, at] as const));

  it.each(PLACES)("%s (%s): its file has an outcome, and the next is opened", async (_what, code, fail, at) => {
    const workers = new WorkerPool("blob:x", 1, STALL_MS);
    const unlocking = workers.unlock([file], "words", []);
    Helper.all[0]?.finish(UNLOCKED);
    await unlocking;
    const [first, second] = ["1", "2"].map(() => workers.request({ kind: "open", file }));
    const [worker] = Helper.all;
    for (const message of MESSAGES.slice(0, at)) worker?.post(message);
    if (worker !== undefined) fail(worker);
    await expect(first).rejects.toMatchObject({ code });
    expect(worker?.terminated).toBe(true);
    // Whatever it says from now on is not heard.
    worker?.finish();
    worker?.onerror?.();
    expect(doing()).toEqual(["unlock,keys,open", "keys,open"]);
    Helper.all[1]?.finish();
    expect(await second).toBe(OPENED);
  });

  it("may fail while it is idle: the next request starts another", async () => {
    const workers = new WorkerPool("blob:x", 1, STALL_MS);
    Helper.all[0]?.onerror?.();
    const opened = workers.request({ kind: "open", file });
    expect(doing()).toEqual(["", "open"]);
    Helper.all[1]?.finish();
    await opened;
  });

  it("may not start at all: each request fails", async () => {
    Helper.failsToStart = true;
    const workers = new WorkerPool("blob:x", 2, STALL_MS);
    for (let count = 0; count < 3; count += 1) {
      await expect(workers.request({ kind: "open", file })).rejects.toMatchObject({ code: "crashed" });
    }
  });

  it("leaves a run that ends, with an outcome for each file", async () => {
    const names = Array.from({ length: 40 }, (_none, index) => `${index}.gpg`);
    const ways: readonly ((worker: Helper) => void)[] = [
      (worker) => worker.finish({ ...OPENED, blocksSha256: String(Helper.all.length).padStart(64, "0") }),
      (worker) => worker.onerror?.(),
      () => undefined,
      (worker) => worker.post("garbage"),
      (worker) => worker.post({ kind: "failed", fault: "damaged", detail: "" }),
    ];
    let turn = 0;
    Helper.respond = (worker) => {
      const way = ways[turn % ways.length];
      turn += 1;
      setTimeout(() => way?.(worker), 1);
    };
    const session = new Session(new WorkerPool("blob:x", 3, STALL_MS));
    const done: number[] = [];
    const run = session.open(
      names.map((name) => new File([name], name)),
      (progress) => void done.push(progress.done),
    );
    await vi.advanceTimersByTimeAsync(60 * STALL_MS);
    expect(await run).toBe(40);
    expect(done.at(-1)).toBe(40);
    const codes = session.refused.map(({ error }) => error.code);
    expect(codes).toHaveLength(32);
    expect(new Set(codes)).toEqual(new Set(["crashed", "stalled", "damaged"]));
    expect(session.size + session.known).toBe(8);
  });
});
