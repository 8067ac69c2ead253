import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeskRequest } from "../../src/desk-web/desk-messages.js";
import { WorkerPool } from "../../src/desk-web/worker-pool.js";

/** Stands in for a worker: records its requests, and responds when the test says so. */
class Helper {
  static readonly all: Helper[] = [];
  readonly requests: DeskRequest[] = [];
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  constructor() {
    Helper.all.push(this);
  }
  postMessage(request: DeskRequest): void {
    this.requests.push(request);
  }
  finish(value: unknown = null): void {
    this.onmessage?.({ data: { kind: "done", value } });
  }
  get doing(): string {
    return this.requests.map(({ kind }) => kind).join();
  }
}

beforeEach(() => {
  Helper.all.length = 0;
  vi.stubGlobal("Worker", Helper);
});
afterEach(() => vi.unstubAllGlobals());

const file = new File(["x"], "a.tar.gpg");
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

  it("each unlock a key before their waiting requests, even while some are busy", async () => {
    const workers = new WorkerPool("blob:x", 2);
    for (let count = 0; count < 3; count += 1) workers.request({ kind: "open", file }).catch(() => undefined);
    Helper.all[0]?.finish();
    expect(doing()).toEqual(["open,open", "open"]);
    const unlocked = workers.unlock([file], "words");
    for (let count = 0; count < 2; count += 1) workers.request({ kind: "open", file }).catch(() => undefined);
    Helper.all[1]?.finish();
    expect(doing()).toEqual(["open,open", "open,unlock"]);
    Helper.all[1]?.finish(["A"]);
    expect(doing()).toEqual(["open,open", "open,unlock,open"]);
    Helper.all[0]?.finish();
    expect(doing()).toEqual(["open,open,unlock", "open,unlock,open"]);
    Helper.all[0]?.finish(["A"]);
    expect(await unlocked).toEqual(["A"]);
  });

  it("drop the requests that none has begun", async () => {
    const workers = new WorkerPool("blob:x", 1);
    const [first, second] = ["1", "2"].map(() => workers.request({ kind: "open", file }));
    workers.drop();
    await expect(second).rejects.toMatchObject({ fault: "stopped" });
    Helper.all[0]?.finish();
    await first;
  });
});
