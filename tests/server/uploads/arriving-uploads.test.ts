import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { BlockDigest } from "../../../src/core/index.js";
import { createKeyPair } from "../../../src/desk/index.js";
import type { Recipient } from "../../../src/openpgp/index.js";
import { ArrivingMessage } from "../../../src/server/uploads/arriving-message.js";
import { ArrivingUploads } from "../../../src/server/uploads/arriving-uploads.js";
import { codeOf, pieces, streamOf } from "../../support/bytes.js";
import { recipientOf } from "../../support/keys.js";
import { submissionMessage } from "../../support/message.js";
import { Random, WITH_SEED } from "../../support/seed.js";

const MIB = 1024 * 1024;
const ID = "0".repeat(32);
let recipient: Recipient;
let message: Buffer;
beforeAll(async () => {
  recipient = await recipientOf(
    await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e6 }),
  );
  message = await submissionMessage(recipient, 2_100_000);
});

async function digestsOf(bytes: Uint8Array) {
  const blocks = new BlockDigest();
  await blocks.push(bytes);
  return { sha256: createHash("sha256").update(bytes).digest("hex"), blocks: await blocks.finish() };
}

async function send(uploads: ArrivingUploads, offset: number, bytes: Uint8Array, piece = 70_000): Promise<void> {
  for await (const _ of uploads.follow(ID, offset, streamOf(...pieces(bytes, piece))));
}

describe("a message as it arrives", () => {
  it(`has the digests that are made of the whole, in whatever pieces it comes ${WITH_SEED}`, async () => {
    const expected = await digestsOf(message);
    const random = new Random("arriving");
    for (const most of [10_000, MIB, 3 * MIB]) {
      const arriving = new ArrivingMessage();
      for (let at = 0; at < message.length; ) {
        const piece = message.subarray(at, at + random.integer(1, most));
        arriving.push(piece);
        at += piece.length;
      }
      expect(arriving.bytes).toBe(message.length);
      expect(arriving.finish().digests).toEqual(expected);
    }
  });

  it("is refused at its end with what was wrong at its beginning", async () => {
    const arriving = new ArrivingMessage();
    for (let count = 0; count < 10; count += 1) arriving.push(Buffer.from("dear all, "));
    expect(await codeOf(() => arriving.finish())).toBe("not_openpgp");
    const cut = new ArrivingMessage();
    cut.push(message.subarray(0, -1));
    expect(await codeOf(() => cut.finish())).toBe("truncated");
  });
});

describe("uploads as they arrive", () => {
  it("pass through unchanged, and are known when they have come from beginning to end", async () => {
    const uploads = new ArrivingUploads();
    const half = 1_000_003;
    const first: Uint8Array[] = [];
    for await (const piece of uploads.follow(ID, 0, streamOf(message.subarray(0, half)))) first.push(piece);
    expect(Buffer.compare(Buffer.concat(first), message.subarray(0, half))).toBe(0);
    await send(uploads, half, message.subarray(half));
    expect(uploads.take(ID, message.length)?.finish().digests).toEqual(await digestsOf(message));
    expect(uploads.take(ID, message.length)).toBeNull();
  });

  it.each([
    [
      "that went on where this process never was",
      async (uploads: ArrivingUploads) => send(uploads, 500, message.subarray(500)),
    ],
    [
      "of which the disk has less than came",
      async (uploads: ArrivingUploads) => {
        await send(uploads, 0, message.subarray(0, 5_000));
        await send(uploads, 4_000, message.subarray(4_000));
      },
    ],
    [
      "of which the disk has more than came",
      async (uploads: ArrivingUploads) => {
        await send(uploads, 0, message.subarray(0, 5_000));
        await send(uploads, 6_000, message.subarray(6_000));
      },
    ],
    ["of which too little came", async (uploads: ArrivingUploads) => send(uploads, 0, message.subarray(0, -1))],
  ])("are not known %s", async (_, act) => {
    const uploads = new ArrivingUploads();
    await act(uploads);
    expect(uploads.take(ID, message.length)).toBeNull();
  });

  it("that begin again are known by what came since", async () => {
    const uploads = new ArrivingUploads();
    await send(uploads, 0, Buffer.from("something else"));
    await send(uploads, 0, message);
    expect(uploads.take(ID, message.length)?.finish().digests).toEqual(await digestsOf(message));
  });

  it("are not followed without end", async () => {
    const uploads = new ArrivingUploads();
    await send(uploads, 0, message);
    for (let count = 0; count < 2_000; count += 1) {
      for await (const _ of uploads.follow(String(count), 0, streamOf(Buffer.from("x"))));
    }
    expect(uploads.take(ID, message.length)).toBeNull();
    expect(uploads.take("1999", 1)).not.toBeNull();
  });
});
