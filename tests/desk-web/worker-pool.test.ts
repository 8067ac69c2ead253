import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeskOrder } from "../../src/desk-web/desk-messages.js";
import { DeskWorkers } from "../../src/desk-web/worker-pool.js";

/** What a browser would start: notes its orders, and answers when it is told to. */
class Helper {
  static readonly all: Helper[] = [];
  readonly orders: DeskOrder[] = [];
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  constructor() {
    Helper.all.push(this);
  }
  postMessage(order: DeskOrder): void {
    this.orders.push(order);
  }
  finish(value: unknown = null): void {
    this.onmessage?.({ data: { kind: "done", value } });
  }
  get doing(): string {
    return this.orders.map(({ kind }) => kind).join();
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
  it("follow as many orders at once as there are of them, each as it becomes free", async () => {
    const workers = new DeskWorkers("blob:x", 2);
    const opened = ["1", "2", "3"].map(() => workers.ask({ kind: "open", file }));
    expect(doing()).toEqual(["open", "open"]);
    Helper.all[1]?.finish();
    await opened[1];
    expect(doing()).toEqual(["open", "open,open"]);
  });

  it("each get a key that is unlocked while some are at work, before what waits", async () => {
    const workers = new DeskWorkers("blob:x", 2);
    for (let count = 0; count < 3; count += 1) workers.ask({ kind: "open", file }).catch(() => undefined);
    Helper.all[0]?.finish();
    expect(doing()).toEqual(["open,open", "open"]);
    const unlocked = workers.unlock([file], "words");
    for (let count = 0; count < 2; count += 1) workers.ask({ kind: "open", file }).catch(() => undefined);
    Helper.all[1]?.finish();
    expect(doing()).toEqual(["open,open", "open,unlock"]);
    Helper.all[1]?.finish(["A"]);
    expect(doing()).toEqual(["open,open", "open,unlock,open"]);
    Helper.all[0]?.finish();
    expect(doing()).toEqual(["open,open,unlock", "open,unlock,open"]);
    Helper.all[0]?.finish(["A"]);
    expect(await unlocked).toEqual(["A"]);
  });

  it("give up what none has begun when told to", async () => {
    const workers = new DeskWorkers("blob:x", 1);
    const [first, second] = ["1", "2"].map(() => workers.ask({ kind: "open", file }));
    workers.drop();
    await expect(second).rejects.toMatchObject({ fault: "internal" });
    Helper.all[0]?.finish();
    await first;
  });
});
