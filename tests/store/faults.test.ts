import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FileStore, openFileStore, StoreError } from "../../src/store/index.js";
import { streamOf } from "../support/bytes.js";
import type { DiskFault, FailingDisk } from "../support/failing-disk.js";
import { atLength } from "../support/length.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";

const disk = vi.hoisted(() => ({ current: null as FailingDisk | null }));
vi.mock("node:fs/promises", async (original) => {
  const { FailingDisk: Disk } = await import("../support/failing-disk.js");
  disk.current = new Disk();
  return disk.current.watch(await original());
});
const failing = () => {
  if (disk.current === null) throw new Error("the disk is not watched");
  return disk.current;
};
afterAll(() => {
  disk.current = null;
});

const FAULTS: readonly DiskFault[] = ["ENOSPC", "EIO", "short write", "slow sync"];
const MAILBOX = "a".repeat(32);
const bytes = new Random("disk faults").bytes(300_000);
const pieces = () => new Blob([bytes.subarray(0, 100_000), bytes.subarray(100_000)]).stream();
const digests = { sha256: createHash("sha256").update(bytes).digest("hex"), blocks: "b".repeat(64) };
const ID = "0123456789abcdef0123456789abcdef";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-faults-"));
});
afterEach(async () => {
  failing().arm(null);
  await removeFolder(folder);
});

async function read(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What is in the store after a restart: every submission must be whole. */
async function survivors(): Promise<string[]> {
  const store = await openFileStore(folder);
  const ids: string[] = [];
  for await (const { id } of store.list()) {
    expect(Buffer.compare(await read(await store.get(id)), bytes), `${id} is whole`).toBe(0);
    ids.push(id);
  }
  expect(await readdir(store.incoming)).toEqual([]);
  return ids;
}

/** Which calls of the disk go wrong, one after the other: each third of them, or each. */
const EVERY = atLength(3, 1);

/** Runs `act` over a store as often as it makes such calls of the disk, another one going wrong each time. */
async function atEveryCall(
  fault: DiskFault,
  act: (store: FileStore) => Promise<unknown>,
  judge: (outcome: { readonly done: unknown } | { readonly cause: unknown }, call: string) => Promise<void>,
  prepare: (store: FileStore) => Promise<unknown> = async () => undefined,
): Promise<number> {
  for (let at = 0; ; at += EVERY) {
    const store = await openFileStore(folder);
    await prepare(store);
    failing().arm(fault, at);
    const outcome = await act(store).then(
      (done) => ({ done }),
      (cause: unknown) => ({ cause }),
    );
    const { calls, syncing } = failing();
    const call = `call ${at}, ${calls[at] ?? "none"}`;
    failing().arm(null);
    expect(syncing, `${call}: nothing is still being synced`).toBe(0);
    await judge(outcome, call);
    await rm(folder, { recursive: true, force: true });
    if (at >= calls.length) return at;
  }
}

describe.each(FAULTS)("with %s at any call of the disk", (fault) => {
  const harmless = fault === "short write" || fault === "slow sync";

  it.each([
    ["that fills our buffers", pieces],
    ["with its own buffers", () => streamOf(bytes.subarray(0, 100_000), bytes.subarray(100_000))],
  ])(
    `a letter from a stream %s is stored whole, or refused with a code and leaves nothing ${WITH_SEED}`,
    async (_, letter) => {
      const calls = await atEveryCall(
        fault,
        (store) => store.put(letter()),
        async (outcome, call) => {
          const there = await survivors();
          if ("done" in outcome) expect(there, call).toEqual([(outcome.done as { id: string }).id]);
          else {
            expect(harmless, `${call}: ${String(outcome.cause)}`).toBe(false);
            expect(outcome.cause, call).toBeInstanceOf(StoreError);
            expect((outcome.cause as StoreError).code, call).toBe(fault === "ENOSPC" ? "no_space" : "io");
            expect(there, call).toEqual([]);
          }
        },
      );
      expect(calls).toBeGreaterThan(8);
    },
  );

  it("a large letter is synced early, and an error of that sync is not lost", async () => {
    const large = () => new Blob(Array.from({ length: 40 }, () => new Uint8Array(1024 * 1024))).stream();
    const store = await openFileStore(folder);
    failing().arm(fault, "datasync");
    const outcome = await store.put(large()).then(
      () => "stored",
      (cause: StoreError) => cause.code,
    );
    expect(failing().syncing).toBe(0);
    expect(failing().calls).toContain("datasync");
    failing().arm(null);
    expect(outcome).toBe(harmless ? "stored" : fault === "ENOSPC" ? "no_space" : "io");
    expect((await readdir(join(folder, "submissions"))).length).toBe(harmless ? 1 : 0);
    expect(await readdir(store.incoming)).toEqual([]);
  });

  it("an upload that failed to finish is finished by a second request, once", async () => {
    const calls = await atEveryCall(
      fault,
      (store) => store.uploads.finish(ID, digests),
      async (outcome, call) => {
        if ("cause" in outcome) {
          expect(harmless, `${call}: ${String(outcome.cause)}`).toBe(false);
          expect(outcome.cause, call).toBeInstanceOf(StoreError);
          const store = await openFileStore(folder);
          await store.uploads.finish(ID, digests);
        }
        expect(await survivors(), call).toEqual([ID]);
        const { uploads } = await openFileStore(folder);
        expect((await uploads.state(ID)).stored, call).toEqual({ bytes: bytes.length, ...digests });
      },
      async ({ uploads }) => {
        await uploads.begin(ID, null);
        await uploads.append(ID, pieces());
      },
    );
    expect(calls).toBeGreaterThan(8);
  });

  it("what arrived of an upload stays, and it continues at the offset on disk", async () => {
    await atEveryCall(
      fault,
      async (store) => {
        await store.uploads.declareSize(ID, bytes.length);
        await store.uploads.append(ID, new Blob([bytes.subarray(1)]).stream());
      },
      async (outcome, call) => {
        if ("cause" in outcome) expect(harmless, `${call}: ${String(outcome.cause)}`).toBe(false);
        const { uploads } = await openFileStore(folder);
        const { offset } = await uploads.state(ID);
        if (offset < bytes.length) await uploads.append(ID, new Blob([bytes.subarray(offset)]).stream());
        await uploads.finish(ID, digests);
        expect(await survivors(), call).toEqual([ID]);
      },
      async ({ uploads }) => {
        await uploads.begin(ID, null);
        await uploads.append(ID, new Blob([bytes.subarray(0, 1)]).stream());
      },
    );
  });

  it("an upload is never reported as stored if the disk lost a large piece of it", async () => {
    const large = new Random("large piece").bytes(5_000_000);
    await atEveryCall(
      fault,
      async ({ uploads }) => {
        await uploads.append(ID, new Blob([large]).stream());
        await uploads.finish(ID, digests);
      },
      async (outcome, call) => {
        const store = await openFileStore(folder);
        const there: string[] = [];
        for await (const { id, bytes } of store.list()) if (bytes === large.length) there.push(id);
        if ("done" in outcome) expect(there, call).toEqual([ID]);
        else {
          expect(harmless, `${call}: ${String(outcome.cause)}`).toBe(false);
          expect(outcome.cause, call).toBeInstanceOf(StoreError);
          const state = await store.uploads.state(ID).catch((cause: unknown) => cause);
          if (call.endsWith("datasync")) expect(state, call).toMatchObject({ code: "not_found" });
          if (there.length === 0) expect(state, call).not.toMatchObject({ stored: { bytes: large.length } });
        }
      },
      ({ uploads }) => uploads.begin(ID, null),
    );
  });

  it("an upload's first piece is there with its size, or as far as it came, or the upload does not exist", async () => {
    await atEveryCall(
      fault,
      (store) => store.uploads.append(ID, new Blob([bytes.subarray(0, 10)]).stream()),
      async (outcome, call) => {
        const { uploads } = await openFileStore(folder);
        const state = await uploads.state(ID).catch((cause: StoreError) => cause.code);
        if ("done" in outcome) expect(state, call).toMatchObject({ offset: 10, size: 20 });
        else if (typeof state === "string") expect(state, call).toBe("not_found");
        else expect([state.size, state.offset <= 10], call).toEqual([20, true]);
      },
      ({ uploads }) => uploads.begin(ID, 20),
    );
  });

  it("an upload begins without a call of the disk, and one of which nothing came is gone with the process", async () => {
    const { uploads } = await openFileStore(folder);
    failing().arm(fault, 0);
    await uploads.begin(ID, 10);
    expect(failing().calls).toEqual([]);
    failing().arm(null);
    expect(await uploads.state(ID)).toMatchObject({ offset: 0, size: 10 });
    const later = await openFileStore(folder);
    await expect(later.uploads.state(ID)).rejects.toMatchObject({ code: "not_found" });
  });

  it("a reply is stored whole, or not at all and can be stored again", async () => {
    await atEveryCall(
      fault,
      (store) => store.mailboxes.putReply(MAILBOX, pieces()),
      async (outcome, call) => {
        const { mailboxes } = await openFileStore(folder);
        if ("cause" in outcome) {
          expect(harmless, `${call}: ${String(outcome.cause)}`).toBe(false);
          await mailboxes.putReply(MAILBOX, pieces());
        }
        const replies = await mailboxes.listReplies(MAILBOX);
        expect(replies, call).toHaveLength(1);
        const whole = await read(await mailboxes.getReply(MAILBOX, replies[0]?.id ?? ""));
        expect(Buffer.compare(whole, bytes), call).toBe(0);
      },
    );
  });
});

it("an upload whose name failed to sync is not reported as stored until it is synced", async () => {
  let unsynced = 0;
  for (let at = 0; at < 30; at += 1) {
    const { uploads } = await openFileStore(folder);
    await uploads.begin(ID, bytes.length);
    await uploads.append(ID, pieces());
    failing().arm("EIO", at);
    const failed = await uploads.finish(ID, digests).then(
      () => false,
      () => true,
    );
    if (failed && (await readdir(join(folder, "submissions"))).length > 0) {
      unsynced += 1;
      failing().arm("EIO", 0);
      await expect(uploads.state(ID)).rejects.toMatchObject({ code: "io" });
      failing().arm(null);
      expect((await uploads.state(ID)).stored).toMatchObject(digests);
      expect(failing().calls).toContain("sync");
    }
    failing().arm(null);
    await rm(folder, { recursive: true, force: true });
  }
  expect(unsynced).toBeGreaterThanOrEqual(1);
});
