import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { BlockDigest } from "../../../src/core/index.js";
import { createKeyPair } from "../../../src/desk/index.js";
import { type Recipient, UnknownRecipientError } from "../../../src/openpgp/index.js";
import { ArrivingMessage } from "../../../src/server/uploads/arriving-message.js";
import { ArrivingUploads } from "../../../src/server/uploads/arriving-uploads.js";
import { codeOf, failureOf, pieces, streamOf } from "../../support/bytes.js";
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

/** Whoever a message is for. */
const OURS = () => undefined;

/** What the disk has of the upload, and where it was read from. */
function diskOf(bytes: Uint8Array) {
  const readFrom: number[] = [];
  const read = async (_id: string, from = 0) => {
    readFrom.push(from);
    return new Blob([bytes.slice(from)]).stream();
  };
  return { read, readFrom };
}

async function send(uploads: ArrivingUploads, offset: number, bytes: Uint8Array, piece = 70_000): Promise<void> {
  for await (const _ of uploads.inspected(ID, offset, streamOf(...pieces(bytes, piece))));
}

describe("a message as it arrives", () => {
  it(`has the digests that are made of the whole, in whatever pieces it comes ${WITH_SEED}`, async () => {
    const expected = await digestsOf(message);
    const random = new Random("arriving");
    for (const most of [10_000, MIB, 3 * MIB]) {
      const arriving = new ArrivingMessage("recipients");
      for (let at = 0; at < message.length; ) {
        const piece = message.subarray(at, at + random.integer(1, most));
        arriving.push(piece);
        at += piece.length;
      }
      expect(arriving.bytes).toBe(message.length);
      expect(arriving.finish().digests).toEqual(expected);
    }
  });

  it("is refused at the first byte that cannot belong to one, of which nothing is counted", async () => {
    const arriving = new ArrivingMessage("recipients");
    expect(await codeOf(() => arriving.push(Buffer.from("dear all, ")))).toBe("not_openpgp");
    expect(arriving.bytes).toBe(0);
    const cut = new ArrivingMessage("recipients");
    cut.push(message.subarray(0, -1));
    expect(await codeOf(() => cut.finish())).toBe("truncated");
  });
});

describe("uploads as they arrive", () => {
  it("pass through unchanged, and nothing is read again", async () => {
    const disk = diskOf(message);
    const uploads = new ArrivingUploads(disk, OURS);
    const half = 1_000_003;
    const first: Uint8Array[] = [];
    for await (const piece of uploads.inspected(ID, 0, streamOf(message.subarray(0, half)))) first.push(piece);
    expect(Buffer.compare(Buffer.concat(first), message.subarray(0, half))).toBe(0);
    await send(uploads, half, message.subarray(half));
    expect((await uploads.take(ID, message.length)).finish().digests).toEqual(await digestsOf(message));
    expect(disk.readFrom).toEqual([]);
  });

  it("is refused at the first piece that names somebody else's key", async () => {
    const foreign = () => {
      throw new UnknownRecipientError("unknown_recipient", "somebody else's");
    };
    const seen: number[] = [];
    const uploads = new ArrivingUploads(diskOf(message), (named) => {
      seen.push(named.length);
      foreign();
    });
    expect(await codeOf(() => send(uploads, 0, message))).toBe("unknown_recipient");
    expect(seen).toEqual([1]);
  });

  it.each<[what: string, readFrom: number[], (uploads: ArrivingUploads) => Promise<void>]>([
    ["went on where this process never was", [0], (uploads) => send(uploads, 500, message.subarray(500))],
    [
      "lost what the disk did not keep",
      [0],
      async (uploads) => {
        await send(uploads, 0, message.subarray(0, 5_000));
        await send(uploads, 4_000, message.subarray(4_000));
      },
    ],
    [
      "grew by way of another process",
      [5_000],
      async (uploads) => {
        await send(uploads, 0, message.subarray(0, 5_000));
        await send(uploads, 6_000, message.subarray(6_000));
      },
    ],
    [
      "came whole by way of another process",
      [2_000_000],
      (uploads) => send(uploads, 0, message.subarray(0, 2_000_000)),
    ],
  ])("are known where one %s: only what is missing is read", async (_, readFrom, act) => {
    const disk = diskOf(message);
    const uploads = new ArrivingUploads(disk, OURS);
    await act(uploads);
    expect((await uploads.take(ID, message.length)).finish().digests).toEqual(await digestsOf(message));
    expect(disk.readFrom).toEqual(readFrom);
  });

  it.each([0, 1, 100, 5_000])(
    "hand on nothing of a piece that cannot belong to a message, after %i bytes",
    async (at) => {
      const uploads = new ArrivingUploads(diskOf(message), OURS);
      const passed: Uint8Array[] = [];
      const wrong = Buffer.concat([message, Buffer.from("readable text")]);
      const act = async () => {
        const coming = at === 0 ? [Buffer.from("readable text")] : [message.subarray(0, at), wrong.subarray(at)];
        for await (const piece of uploads.inspected(ID, 0, streamOf(...coming))) passed.push(piece);
      };
      const refusal = await failureOf(act);
      expect(refusal).toMatchObject({ name: "UnacceptableUpload", status: 422 });
      expect(passed.reduce((sum, piece) => sum + piece.length, 0)).toBe(at);
    },
  );

  it("that begin again are known by what came since", async () => {
    const uploads = new ArrivingUploads(diskOf(message), OURS);
    await send(uploads, 0, message.subarray(0, 100));
    await send(uploads, 0, message);
    expect((await uploads.take(ID, message.length)).finish().digests).toEqual(await digestsOf(message));
  });

  it("are not followed without end", async () => {
    const disk = diskOf(message);
    const uploads = new ArrivingUploads(disk, OURS);
    await send(uploads, 0, message);
    for (let count = 0; count < 10_000; count += 1) {
      for await (const _ of uploads.inspected(String(count), 0, streamOf(message.subarray(0, 1))));
    }
    await uploads.take(ID, message.length);
    expect(disk.readFrom).toEqual([0]);
    await uploads.take("9999", 1);
    expect(disk.readFrom).toEqual([0]);
  });
});
