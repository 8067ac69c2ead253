import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Drafts, expireOldDrafts, type Mailboxes, type Store, StoreError } from "../../src/store/index.js";

export interface DraftsUnderTest {
  /** Opens the same storage again, as after a restart. */
  readonly open: (now?: () => Date) => Promise<Store & { readonly drafts: Drafts; readonly mailboxes: Mailboxes }>;
  /** Names of everything in the storage, finished or not. */
  readonly everything: () => Promise<string[]>;
  readonly remove: () => Promise<void>;
}

const ANNA = "a".repeat(32);
const BORIS = `${"b".repeat(31)}7`;

const streamOf = (text: string) => new Blob([text]).stream();
const textOf = async (stream: ReadableStream<Uint8Array>) => new Response(stream).text();
const on = (day: string) => () => new Date(`${day}T13:14:15.678Z`);

/** What every store promises of drafts. */
export function draftsContract(name: string, make: () => Promise<DraftsUnderTest>): void {
  describe(`${name} keeps the contract for drafts`, () => {
    let storage: DraftsUnderTest;
    let drafts: Drafts;

    beforeEach(async () => {
      storage = await make();
      drafts = (await storage.open(on("2026-03-01"))).drafts;
    });
    afterEach(() => storage.remove());

    it("returns exactly what was stored, from any byte, also after a restart", async () => {
      expect(await drafts.put(ANNA, streamOf("0123456789"))).toEqual({ bytes: 10, day: "2026-03-01" });
      for (const each of [drafts, (await storage.open()).drafts]) {
        expect(await each.find(ANNA)).toEqual({ bytes: 10, day: "2026-03-01" });
        expect(await textOf(await each.get(ANNA))).toBe("0123456789");
        expect(await textOf(await each.get(ANNA, 7))).toBe("789");
      }
      expect(await drafts.find(BORIS)).toBeNull();
      await expect(drafts.get(BORIS)).rejects.toMatchObject({ code: "not_found" });
    });

    it("has one draft in a mailbox: the last", async () => {
      await drafts.put(ANNA, streamOf("first"));
      const { drafts: later } = await storage.open(on("2026-03-02"));
      await later.put(ANNA, streamOf("the second"));
      expect(await later.find(ANNA)).toEqual({ bytes: 10, day: "2026-03-02" });
      expect(await textOf(await later.get(ANNA))).toBe("the second");
      await later.remove(ANNA);
      expect(await later.find(ANNA)).toBeNull();
      await expect(later.remove(ANNA)).rejects.toMatchObject({ code: "not_found" });
    });

    it("counts the bytes of all drafts", async () => {
      expect(await drafts.used()).toBe(0);
      await drafts.put(ANNA, streamOf("12345"));
      await drafts.put(BORIS, streamOf("123"));
      expect(await drafts.used()).toBe(8);
    });

    it("leaves nothing of a draft whose stream fails, and keeps the one before", async () => {
      await drafts.put(ANNA, streamOf("before"));
      const before = await storage.everything();
      let sent = false;
      const failing = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (sent) throw new Error("the line broke");
          sent = true;
          controller.enqueue(new TextEncoder().encode("half"));
        },
      });
      await expect(drafts.put(ANNA, failing)).rejects.toThrow("the line broke");
      expect(await storage.everything()).toEqual(before);
      expect(await textOf(await drafts.get(ANNA))).toBe("before");
    });

    it.each(["", "a".repeat(31), "a".repeat(33), "A".repeat(32), "1".repeat(32), "../../../../../../../etc/passwd1"])(
      "has no mailbox with the id %j",
      async (mailbox) => {
        const before = await storage.everything();
        await expect(drafts.put(mailbox, streamOf("x"))).rejects.toBeInstanceOf(StoreError);
        expect(await drafts.find(mailbox)).toBeNull();
        await expect(drafts.get(mailbox)).rejects.toMatchObject({ code: "not_found" });
        await expect(drafts.remove(mailbox)).rejects.toMatchObject({ code: "not_found" });
        expect(await storage.everything()).toEqual(before);
      },
    );

    it("keeps drafts for as many whole days as are configured, and none where none are taken", async () => {
      const at = (moment: string) => new Date(moment);
      await drafts.put(ANNA, streamOf("old"));
      await (await storage.open(on("2026-03-05"))).drafts.put(BORIS, streamOf("new"));
      expect(await expireOldDrafts(drafts, 14, at("2026-03-15T23:59:59Z"))).toBe(0);
      expect(await expireOldDrafts(drafts, 14, at("2026-03-16T00:00:00Z"))).toBe(1);
      expect([await drafts.find(ANNA), await drafts.find(BORIS)]).toEqual([null, { bytes: 3, day: "2026-03-05" }]);
      expect(await expireOldDrafts(drafts, null, at("2026-03-05T12:00:00Z"))).toBe(1);
      expect(await drafts.used()).toBe(0);
    });

    it("keeps drafts apart from submissions and replies", async () => {
      const store = await storage.open();
      await store.drafts.put(ANNA, streamOf("draft"));
      expect(await store.mailboxes.listReplies(ANNA)).toEqual([]);
      for await (const { id } of store.list()) expect.fail(`listed ${id}`);
    });
  });
}
