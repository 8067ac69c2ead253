import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store, Uploads } from "../../src/store/index.js";

export interface UploadsUnderTest {
  /** Opens the same storage again, as after a restart. */
  readonly open: (now?: () => Date) => Promise<Store & { readonly uploads: Uploads }>;
  readonly remove: () => Promise<void>;
}

const ID = "0123456789abcdef0123456789abcdef";
const OTHER = "fedcba9876543210fedcba9876543210";
const DIGEST = { sha256: createHash("sha256").update("abc").digest("hex"), blocks: "cd".repeat(32) };

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

async function* breaking(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
  throw new Error("the line is dead");
}

const textOf = async (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

/** The uploads of every store. */
export function uploadsContract(name: string, make: () => Promise<UploadsUnderTest>): void {
  describe(`${name} keeps the contract for uploads`, () => {
    let storage: UploadsUnderTest;
    let store: Store & { readonly uploads: Uploads };
    let uploads: Uploads;

    beforeEach(async () => {
      storage = await make();
      store = await storage.open();
      uploads = store.uploads;
    });
    afterEach(() => storage.remove());

    it("appends pieces in order and tells the offset", async () => {
      await uploads.begin(ID, 10);
      expect(await uploads.state(ID)).toMatchObject({ offset: 0, size: 10, stored: null });
      expect(await uploads.append(ID, pieces("abc", "", "de"))).toBe(5);
      expect(await uploads.append(ID, pieces("fghij"))).toBe(10);
      expect(await textOf(await uploads.read(ID))).toBe("abcdefghij");
    });

    it("accepts the size later", async () => {
      await uploads.begin(ID, null);
      await uploads.append(ID, pieces("abc"));
      expect(await uploads.state(ID)).toMatchObject({ offset: 3, size: null });
      await uploads.declareSize(ID, 5);
      expect(await uploads.state(ID)).toMatchObject({ offset: 3, size: 5 });
    });

    it("keeps what arrived before a piece broke off", async () => {
      await uploads.begin(ID, null);
      await uploads.append(ID, pieces("abc"));
      await expect(uploads.append(ID, breaking("de"))).rejects.toThrow("the line is dead");
      expect((await uploads.state(ID)).offset).toBe(5);
      expect(await uploads.append(ID, pieces("f"))).toBe(6);
      expect(await textOf(await uploads.read(ID))).toBe("abcdef");
    });

    it("continues after a restart", async () => {
      await uploads.begin(ID, null);
      await uploads.append(ID, pieces("abc"));
      const again = (await storage.open()).uploads;
      expect(await again.state(ID)).toMatchObject({ offset: 3, size: null });
      expect(await again.append(ID, pieces("def"))).toBe(6);
    });

    it("becomes one submission with the same id, even if finished twice", async () => {
      await uploads.begin(ID, null);
      await uploads.append(ID, pieces("abc"));
      expect(await uploads.finish(ID, DIGEST)).toMatchObject({ id: ID, bytes: 3 });
      expect(await uploads.finish(ID, DIGEST)).toMatchObject({ id: ID, bytes: 3 });
      expect(await textOf(await store.get(ID))).toBe("abc");
      const listed: string[] = [];
      for await (const { id } of store.list()) listed.push(id);
      expect(listed).toEqual([ID]);
    });

    it("remembers the stored submission, after a restart and after its removal", async () => {
      await uploads.begin(ID, null);
      await uploads.append(ID, pieces("abc"));
      await uploads.finish(ID, DIGEST);
      const again = await storage.open();
      const stored = { offset: 3, size: 3, stored: { bytes: 3, ...DIGEST } };
      expect(await again.uploads.state(ID)).toMatchObject(stored);
      await again.remove(ID);
      expect(await again.uploads.state(ID)).toMatchObject(stored);
    });

    it("is gone when it is discarded", async () => {
      await uploads.begin(ID, 3);
      await uploads.append(ID, pieces("abc"));
      await uploads.discard(ID);
      await expect(uploads.state(ID)).rejects.toMatchObject({ code: "not_found" });
      await uploads.begin(ID, 3);
      expect((await uploads.state(ID)).offset).toBe(0);
    });

    it.each([
      ["unknown", OTHER],
      ["not an id", "../submissions/x"],
      ["empty", ""],
    ])("says not_found for an id that is %s", async (_what, id) => {
      for (const attempt of [
        () => uploads.state(id),
        () => uploads.append(id, pieces("x")),
        () => uploads.declareSize(id, 1),
        () => uploads.read(id),
        () => uploads.finish(id, DIGEST),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
      }
    });

    it("sweeps only uploads that did not grow for a day", async () => {
      const begun = new Date("2026-03-01T13:00:00Z");
      const old = (await storage.open(() => begun)).uploads;
      await old.begin(ID, null);
      await old.append(ID, pieces("abc"));
      const later = (await storage.open(() => new Date("2026-03-02T13:00:00Z"))).uploads;
      await later.begin(OTHER, null);
      await later.append(OTHER, pieces("abc"));
      expect(await later.sweep(new Date("2026-03-02T23:59:00Z"))).toBe(0);
      expect(await later.sweep(new Date("2026-03-03T00:00:00Z"))).toBe(1);
      await expect(later.state(ID)).rejects.toMatchObject({ code: "not_found" });
      expect(await later.state(OTHER)).toMatchObject({ offset: 3, activeBefore: new Date("2026-03-03T00:00:00Z") });
    });

    it("does not sweep an old upload that still grows", async () => {
      const first = (await storage.open(() => new Date("2026-03-01T13:00:00Z"))).uploads;
      await first.begin(ID, null);
      await first.append(ID, pieces("a"));
      const second = (await storage.open(() => new Date("2026-03-03T13:00:00Z"))).uploads;
      await second.append(ID, pieces("bc"));
      expect(await second.sweep(new Date("2026-03-04T13:00:00Z"))).toBe(0);
      expect((await second.state(ID)).offset).toBe(3);
    });
  });
}
