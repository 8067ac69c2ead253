import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Store, type StoredSubmission, StoreError } from "../../src/store/index.js";

export interface StoreUnderTest {
  /** Opens the same storage again, as after a restart. */
  readonly open: (now?: () => Date) => Promise<Store>;
  /** Names of everything in the storage, finished or not. */
  readonly everything: () => Promise<string[]>;
  readonly remove: () => Promise<void>;
}

const chunks = (...parts: readonly string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });

const failingAfter = (part: string) => {
  let sent = false;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) throw new Error("the line is dead");
      sent = true;
      controller.enqueue(new TextEncoder().encode(part));
    },
  });
};

const textOf = async (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

async function listed(store: Store): Promise<StoredSubmission[]> {
  const found: StoredSubmission[] = [];
  for await (const submission of store.list()) found.push(submission);
  return found;
}

/** What every store promises. */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the store's contract`, () => {
    let storage: StoreUnderTest;
    let store: Store;

    beforeEach(async () => {
      storage = await make();
      store = await storage.open();
    });
    afterEach(() => storage.remove());

    it("begins empty", async () => {
      expect(await listed(store)).toEqual([]);
    });

    it("stores under an id that the caller chose, and finds it there after a restart", async () => {
      const id = "0123456789abcdef0123456789abcdef";
      await expect(store.find(id)).rejects.toMatchObject({ code: "not_found" });
      expect(await store.put(chunks("ciphertext"), id)).toMatchObject({ id, bytes: 10 });
      expect(await (await storage.open()).find(id)).toMatchObject({ id, bytes: 10 });
    });

    it("leaves nothing under an id whose ciphertext has failed", async () => {
      const id = "0123456789abcdef0123456789abcdef";
      await expect(store.put(failingAfter("cipher"), id)).rejects.toThrow();
      await expect(store.find(id)).rejects.toMatchObject({ code: "not_found" });
    });

    it("returns any range of a submission", async () => {
      const { id } = await store.put(chunks("0123", "456789"));
      for (const [from, to, part] of [
        [0, 10, "0123456789"],
        [0, 1, "0"],
        [9, 10, "9"],
        [3, 7, "3456"],
        [3, 100, "3456789"],
        [4, 4, ""],
        [10, 20, ""],
      ] as const) {
        expect(await textOf(await store.get(id, from, to))).toBe(part);
      }
      expect(await textOf(await store.get(id, 8))).toBe("89");
    });

    it("finds only stored submissions", async () => {
      const put = await store.put(chunks("one"));
      expect(await store.find(put.id)).toEqual(put);
      for (const id of ["f".repeat(32), "", "../x", put.id.toUpperCase()]) {
        if (id !== put.id) await expect(store.find(id)).rejects.toMatchObject({ code: "not_found" });
      }
    });

    it("returns exactly what was stored", async () => {
      const { id, bytes } = await store.put(chunks("one ", "", "two"));
      expect(bytes).toBe(7);
      expect(await textOf(await store.get(id))).toBe("one two");
    });

    it("returns what was stored after a restart", async () => {
      const { id } = await store.put(chunks("kept"));
      expect(await textOf(await (await storage.open()).get(id))).toBe("kept");
    });

    it("keeps a large submission whole", async () => {
      const block = new Uint8Array(1024 * 1024).map((_, index) => index % 251);
      let left = 9;
      const { id, bytes } = await store.put(
        new ReadableStream({
          pull(controller) {
            if (left === 0) return controller.close();
            left -= 1;
            controller.enqueue(block);
          },
        }),
      );
      expect(bytes).toBe(9 * block.length);
      let at = 0;
      for await (const chunk of await store.get(id)) {
        for (const byte of chunk) {
          if (byte !== block[at % block.length]) throw new Error(`byte ${at} differs`);
          at += 1;
        }
      }
      expect(at).toBe(bytes);
    });

    it("keeps an empty stream as an empty submission", async () => {
      const { id } = await store.put(chunks());
      expect(await textOf(await store.get(id))).toBe("");
    });

    it("names submissions by 128 random bits", async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, async () => (await store.put(chunks("x"))).id));
      expect(new Set(ids).size).toBe(20);
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    });

    it("lists submissions with size and day, sorted by day and id", async () => {
      const yesterday = await storage.open(() => new Date("2026-03-01T22:11:09Z"));
      const today = await storage.open(() => new Date("2026-03-02T00:00:00.001Z"));
      const late = await today.put(chunks("abc"));
      const early = await yesterday.put(chunks("ab"));
      expect(await listed(store)).toEqual([early, late]);
      expect(early).toMatchObject({ bytes: 2, day: "2026-03-01" });
      expect(late).toMatchObject({ bytes: 3, day: "2026-03-02" });
    });

    it("leaves nothing behind when the stream fails, and rejects with its error", async () => {
      const before = await storage.everything();
      await expect(store.put(failingAfter("half"))).rejects.toThrow("the line is dead");
      expect(await storage.everything()).toEqual(before);
      expect(await listed(store)).toEqual([]);
    });

    it("forgets a removed submission", async () => {
      const { id } = await store.put(chunks("gone"));
      const { id: other } = await store.put(chunks("stays"));
      await store.remove(id);
      await expect(store.get(id)).rejects.toMatchObject({ code: "not_found" });
      expect((await listed(store)).map((submission) => submission.id)).toEqual([other]);
    });

    it.each([
      ["unknown", "0123456789abcdef0123456789abcdef"],
      ["not an id", "../../etc/passwd"],
      ["empty", ""],
      ["upper case", "0123456789ABCDEF0123456789ABCDEF"],
    ])("says not_found for an id that is %s", async (_what, id) => {
      await expect(store.get(id)).rejects.toBeInstanceOf(StoreError);
      await expect(store.get(id)).rejects.toMatchObject({ code: "not_found" });
      await expect(store.remove(id)).rejects.toMatchObject({ code: "not_found" });
    });

    it("stores many submissions at once", async () => {
      const put = await Promise.all(Array.from({ length: 25 }, (_, index) => store.put(chunks(`number ${index}`))));
      const texts = await Promise.all(put.map(async ({ id }) => textOf(await store.get(id))));
      expect(texts).toEqual(put.map((_, index) => `number ${index}`));
    });

    it("tells its free space, or that it does not know", async () => {
      const free = await store.free();
      expect(free === null || (Number.isSafeInteger(free) && free > 0)).toBe(true);
    });
  });
}
