import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expireOldReplies, type Mailboxes, type Store, StoreError } from "../../src/store/index.js";

export interface MailboxesUnderTest {
  /** Opens the same storage again, as after a restart. */
  readonly open: (now?: () => Date) => Promise<Store & { readonly mailboxes: Mailboxes }>;
  /** Opens the mailboxes of the same storage beside a process that has it open. */
  readonly beside: (now?: () => Date) => Promise<Mailboxes>;
  /** Names of everything in the storage, finished or not. */
  readonly everything: () => Promise<string[]>;
  readonly remove: () => Promise<void>;
}

const ANNA = "a".repeat(32);
const BORIS = `${"b".repeat(31)}7`;
const ID = "0123456789abcdef0123456789abcdef";

const chunks = (...parts: readonly string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });

const textOf = async (stream: ReadableStream<Uint8Array>) => new Response(stream).text();
const on = (day: string) => () => new Date(`${day}T13:14:15.678Z`);
const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/** What every store promises of mailboxes. */
export function mailboxesContract(name: string, make: () => Promise<MailboxesUnderTest>): void {
  describe(`${name} keeps the contract for mailboxes`, () => {
    let storage: MailboxesUnderTest;
    let mailboxes: Mailboxes;

    beforeEach(async () => {
      storage = await make();
      mailboxes = (await storage.open()).mailboxes;
    });
    afterEach(() => storage.remove());

    it("has no salt until it is asked for one, or given one, and keeps the first", async () => {
      expect(await mailboxes.storedSalt()).toBeNull();
      const given = new Uint8Array(16).fill(7);
      expect(await mailboxes.adoptSalt(given)).toEqual(given);
      expect(await mailboxes.adoptSalt(new Uint8Array(16).fill(8))).toEqual(given);
      for (const each of [mailboxes, (await storage.open()).mailboxes, await storage.beside()]) {
        expect(await each.storedSalt()).toEqual(given);
        expect(await each.portalSalt()).toEqual(given);
      }
    });

    it("lists the replies of all mailboxes", async () => {
      const listed = async () => {
        const found: string[] = [];
        for await (const { mailbox, id, bytes, day } of mailboxes.allReplies())
          found.push([mailbox, id, bytes, day].join());
        return found.sort();
      };
      expect(await listed()).toEqual([]);
      const { day } = await mailboxes.putReply(ANNA, chunks("one"));
      await mailboxes.putReply(ANNA, chunks("two"));
      await mailboxes.putReply(BORIS, chunks("one"));
      const expected = [
        [ANNA, digest("one"), 3, day],
        [ANNA, digest("two"), 3, day],
        [BORIS, digest("one"), 3, day],
      ];
      expect(await listed()).toEqual(expected.map((each) => each.join()).sort());
    });

    it("returns exactly what was stored, also after a restart and to another process", async () => {
      const { id, bytes, known } = await mailboxes.putReply(ANNA, chunks("one ", "", "two"));
      expect({ id, bytes, known }).toEqual({ id: digest("one two"), bytes: 7, known: false });
      for (const each of [mailboxes, (await storage.open()).mailboxes, await storage.beside()]) {
        expect(await textOf(await each.getReply(ANNA, id))).toBe("one two");
      }
    });

    it("lists only the replies of one mailbox with size and day, sorted by day and id", async () => {
      const late = await (await storage.beside(on("2026-03-02"))).putReply(ANNA, chunks("abc"));
      const early = await (await storage.beside(on("2026-03-01"))).putReply(ANNA, chunks("ab"));
      await mailboxes.putReply(BORIS, chunks("to Boris"));
      expect(await mailboxes.listReplies(ANNA)).toEqual([
        { id: early.id, bytes: 2, day: "2026-03-01" },
        { id: late.id, bytes: 3, day: "2026-03-02" },
      ]);
    });

    it("cannot tell an unknown mailbox from an empty one", async () => {
      const { id } = await mailboxes.putReply(ANNA, chunks("gone"));
      await mailboxes.removeReply(ANNA, id);
      for (const mailbox of [ANNA, BORIS]) {
        expect(await mailboxes.listReplies(mailbox)).toEqual([]);
        for (const reply of [id, ID]) {
          await expect(mailboxes.getReply(mailbox, reply)).rejects.toMatchObject({
            code: "not_found",
            message: "there is nothing under this id",
          });
        }
      }
    });

    it("treats the same ciphertext as the same reply, and keeps its day", async () => {
      const first = await (await storage.beside(on("2026-03-01"))).putReply(ANNA, chunks("once"));
      const again = await (await storage.beside(on("2026-03-09"))).putReply(ANNA, chunks("on", "ce"));
      expect(again).toEqual({ ...first, known: true });
      expect(await mailboxes.listReplies(ANNA)).toHaveLength(1);
    });

    it("treats the same ciphertext in two mailboxes as two replies", async () => {
      const { id } = await mailboxes.putReply(ANNA, chunks("twice"));
      expect(await mailboxes.putReply(BORIS, chunks("twice"))).toMatchObject({ id, known: false });
      await mailboxes.removeReply(ANNA, id);
      expect(await textOf(await mailboxes.getReply(BORIS, id))).toBe("twice");
    });

    it("stores many replies at once, the same ones too, from two processes", async () => {
      const other = await storage.beside();
      await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          (index % 2 === 0 ? mailboxes : other).putReply(ANNA, chunks(`number ${index % 10}`)),
        ),
      );
      expect(await mailboxes.listReplies(ANNA)).toHaveLength(10);
      for (const { id } of await mailboxes.listReplies(ANNA)) {
        expect(digest(await textOf(await mailboxes.getReply(ANNA, id)))).toBe(id);
      }
    });

    it("leaves nothing behind when the stream fails, and rejects with its error", async () => {
      const before = await storage.everything();
      let sent = false;
      const failing = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (sent) throw new Error("the medium was pulled out");
          sent = true;
          controller.enqueue(new TextEncoder().encode("half"));
        },
      });
      await expect(mailboxes.putReply(ANNA, failing)).rejects.toThrow("the medium was pulled out");
      expect(await storage.everything()).toEqual(before);
    });

    it.each([
      ["empty", ""],
      ["a path", "../../../../../../../etc/passwd1"],
      ["too short", "a".repeat(31)],
      ["too long", "a".repeat(33)],
      ["upper case", "A".repeat(32)],
      ["not base32", "1".repeat(32)],
      ["followed by a line", `${"a".repeat(32)}\n`],
    ])("has no mailbox whose id is %s", async (_what, mailbox) => {
      const before = await storage.everything();
      let cancelled = false;
      const stream = new ReadableStream<Uint8Array>({
        cancel() {
          cancelled = true;
        },
      });
      await expect(mailboxes.putReply(mailbox, stream)).rejects.toBeInstanceOf(StoreError);
      expect(cancelled).toBe(true);
      expect(await mailboxes.listReplies(mailbox)).toEqual([]);
      await expect(mailboxes.getReply(mailbox, ID)).rejects.toMatchObject({ code: "not_found" });
      await expect(mailboxes.removeReply(mailbox, ID)).rejects.toMatchObject({ code: "not_found" });
      expect(await storage.everything()).toEqual(before);
    });

    it.each([
      ["unknown", ID],
      ["a path", `../${BORIS}.${ID}`],
      ["empty", ""],
      ["upper case", ID.toUpperCase()],
    ])("says not_found for a reply whose id is %s", async (_what, id) => {
      await mailboxes.putReply(ANNA, chunks("there"));
      await expect(mailboxes.getReply(ANNA, id)).rejects.toMatchObject({ code: "not_found" });
      await expect(mailboxes.removeReply(ANNA, id)).rejects.toMatchObject({ code: "not_found" });
    });

    it("expires only replies stored before a day", async () => {
      const salt = await mailboxes.portalSalt();
      for (const day of ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]) {
        await (await storage.beside(on(day))).putReply(ANNA, chunks(day));
      }
      expect(await mailboxes.expireReplies("2026-03-01")).toBe(2);
      expect((await mailboxes.listReplies(ANNA)).map(({ day }) => day)).toEqual(["2026-03-01", "2026-03-02"]);
      expect(await mailboxes.expireReplies("2026-03-01")).toBe(0);
      expect(await mailboxes.portalSalt()).toEqual(salt);
      for (const day of ["", "tomorrow", "2026-3-1", "99999999"]) {
        await expect(mailboxes.expireReplies(day)).rejects.toBeInstanceOf(RangeError);
      }
    });

    it("keeps replies for as many whole days as are configured, or for ever", async () => {
      await (await storage.beside(on("2026-03-01"))).putReply(ANNA, chunks("old"));
      const at = (moment: string) => new Date(moment);
      expect(await expireOldReplies(mailboxes, null, at("2099-01-01T00:00:00Z"))).toBe(0);
      expect(await expireOldReplies(mailboxes, 30, at("2026-03-31T23:59:59Z"))).toBe(0);
      expect(await expireOldReplies(mailboxes, 30, at("2026-04-01T00:00:00Z"))).toBe(1);
      expect(await mailboxes.listReplies(ANNA)).toEqual([]);
    });

    it("has one portal salt of 16 random bytes, for ever and for every process", async () => {
      const opened = await Promise.all(Array.from({ length: 8 }, () => storage.beside()));
      const salts = await Promise.all(opened.map((each) => each.portalSalt()));
      expect(salts[0]).toHaveLength(16);
      for (const salt of salts) expect(salt).toEqual(salts[0]);
      expect(await (await storage.open()).mailboxes.portalSalt()).toEqual(salts[0]);
      const other = await make();
      try {
        expect(await (await other.open()).mailboxes.portalSalt()).not.toEqual(salts[0]);
      } finally {
        await other.remove();
      }
    });

    it("keeps replies apart from submissions", async () => {
      const store = await storage.open();
      await store.mailboxes.putReply(ANNA, chunks("reply"));
      for await (const { id } of store.list()) expect.fail(`listed ${id}`);
    });
  });
}
