import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { S3Store } from "../../../src/store/s3/s3-store.js";
import type { TestBucket } from "../../support/bucket.js";
import { hasCeph } from "../../support/ceph.js";
import { makeBucket } from "../../support/object-store.js";
import { Random, WITH_SEED } from "../../support/seed.js";

const ID = "0123456789abcdef0123456789abcdef";
const MIB = 1024 * 1024;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const digests = (bytes: Uint8Array) => ({ sha256: sha256(bytes), blocks: "cd".repeat(32) });
const bytesOf = async (stream: ReadableStream<Uint8Array>) => new Uint8Array(await new Response(stream).arrayBuffer());

async function* pieces(...bytes: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* bytes;
}

/** Gives what is given when it is told to, and ends when that has been taken. */
function held(bytes: Uint8Array) {
  let go = () => {};
  const told = new Promise<void>((resolve) => {
    go = resolve;
  });
  return {
    go,
    pieces: (async function* () {
      await told;
      yield bytes;
    })(),
  };
}

describe.runIf(hasCeph("several processes over one object store"))("processes that share a bucket", () => {
  let bucket: TestBucket;
  let here: S3Store;
  let there: S3Store;
  beforeEach(async () => {
    bucket = await makeBucket();
    here = await bucket.open();
    there = await bucket.open();
  });

  const listed = async () => {
    const ids: string[] = [];
    for await (const { id } of here.list()) ids.push(id);
    return ids;
  };

  it("continue each other's uploads", async () => {
    const bytes = new Random("both").bytes(600_000);
    await here.uploads.begin(ID, null);
    await here.uploads.append(ID, pieces(bytes.subarray(0, 300_000)));
    expect((await there.uploads.state(ID)).offset).toBe(300_000);
    expect(await there.uploads.append(ID, pieces(bytes.subarray(300_000)))).toBe(bytes.length);
    await here.uploads.finish(ID, digests(bytes));
    expect((await there.uploads.state(ID)).stored?.bytes).toBe(bytes.length);
    expect(sha256(await bytesOf(await there.get(ID)))).toBe(sha256(bytes));
  });

  it("accept bytes twice when a connection that seemed dead still delivers them", async () => {
    const bytes = new Random("dead line").bytes(500_000);
    await here.uploads.begin(ID, null);
    const dead = held(bytes.subarray(0, 400_000));
    const dying = here.uploads.append(ID, dead.pieces);
    await there.uploads.append(ID, pieces(bytes.subarray(0, 300_000)));
    dead.go();
    await dying;
    expect((await there.uploads.state(ID)).offset).toBe(400_000);
    await there.uploads.append(ID, pieces(bytes.subarray(400_000)));
    expect(sha256(await bytesOf(await here.uploads.read(ID)))).toBe(sha256(bytes));
  });

  it("store an upload once and under one day, even if several finish it around midnight", async () => {
    const bytes = new Random("finish").bytes(9 * MIB);
    const before = await bucket.open(() => new Date("2026-03-01T23:59:59.999Z"));
    const after = await bucket.open(() => new Date("2026-03-02T00:00:00.001Z"));
    await before.uploads.begin(ID, null);
    await before.uploads.append(ID, pieces(bytes));
    const stored = await Promise.all(
      [before, after, before, after].map((store) => store.uploads.finish(ID, digests(bytes))),
    );
    expect(new Set(stored.map(({ bytes }) => bytes))).toEqual(new Set([bytes.length]));
    expect(await listed()).toEqual([ID]);
    expect(await (await after.find(ID)).day).toMatch(/^2026-03-0[12]$/);
    expect((await bucket.everything()).filter((key) => key.includes("/uploads/"))).toEqual([]);
  });

  it("store only what was checked, even if other bytes arrive for the same offset meanwhile", async () => {
    const checked = new Uint8Array(1_000).fill(1);
    await here.uploads.begin(ID, 1_000);
    const other = held(new Uint8Array(1_000).fill(2));
    const sneaking = there.uploads.append(ID, other.pieces);
    await here.uploads.append(ID, pieces(checked));
    const found = digests(await bytesOf(await here.uploads.read(ID)));
    other.go();
    await sneaking;
    await expect(here.uploads.finish(ID, found)).rejects.toMatchObject({ code: "io" });
    expect(await listed()).toEqual([]);
  });

  it("share one secret and one salt, created by the first", async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => bucket.open()));
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    expect(new Set((await Promise.all(stores.map((store) => store.sharedSecret()))).map(hex)).size).toBe(1);
    expect(new Set((await Promise.all(stores.map((store) => store.mailboxes.portalSalt()))).map(hex)).size).toBe(1);
  });

  it(`accept uploads in random pieces through random processes ${WITH_SEED}`, async () => {
    const random = new Random("chance");
    const bytes = random.bytes(3 * MIB);
    await here.uploads.begin(ID, bytes.length);
    for (let at = 0; at < bytes.length; ) {
      const length = random.integer(1, 700_000);
      const store = random.integer(0, 1) === 0 ? here : there;
      at = await store.uploads.append(ID, pieces(bytes.subarray(at, at + length)));
    }
    await there.uploads.finish(ID, digests(bytes));
    expect(sha256(await bytesOf(await here.get(ID)))).toBe(sha256(bytes));
  });
});
