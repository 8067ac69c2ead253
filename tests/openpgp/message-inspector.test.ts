import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  inspectMessage,
  MessageError,
  type MessageFault,
  MessageInspector,
  type MessageReport,
  messageGuard,
} from "../../src/openpgp/index.js";
import { codeOf, collect, concat, failureOf, pieces, splitAt, streamOf } from "../support/bytes.js";
import { bytesOfEveryKind, expectSameInPieces, inspector, PIECES } from "../support/inspection.js";
import { mutated } from "../support/mutations.js";
import { seeded, WITH_SEED } from "../support/seed.js";
import { readManifest, readVector } from "../vectors/manifest.js";

const { accepted, rejected } = readManifest();
/** The faults of messages to recipients; password-message.test.ts has the others. */
type RecipientsFault = Exclude<MessageFault, "not_password_encrypted" | "no_password" | "too_many_passwords">;
const FAULTS: Readonly<Record<RecipientsFault, true>> = {
  armored: true,
  empty: true,
  foreign_algorithm: true,
  libre_aead: true,
  malformed_packet: true,
  no_integrity: true,
  no_recipient: true,
  not_encrypted: true,
  not_openpgp: true,
  password_encrypted: true,
  too_many_recipients: true,
  trailing_data: true,
  truncated: true,
  unsupported: true,
};
const verdict = inspector("recipients", FAULTS);

function inspect(chunks: readonly Uint8Array[]): MessageReport {
  const inspector = new MessageInspector();
  for (const chunk of chunks) inspector.push(chunk);
  return inspector.finish();
}

describe("a message that is accepted", () => {
  test.each(accepted)("$file ($origin)", async ({ file, version, recipients, hidden }) => {
    const message = readVector(file);
    const report = await inspectMessage(streamOf(message));
    expect(report.bytes).toBe(message.length);
    expect(report.protection.version).toBe(version);
    expect(report.recipients).toHaveLength(recipients);
    expect(report.recipients.every((recipient) => (recipient.key === null) === hidden)).toBe(true);
  });

  test.each(accepted)("$file however it is chunked", ({ file }) => {
    const message = readVector(file);
    const whole = inspect([message]);
    for (const size of PIECES) expect(inspect(pieces(message, size))).toEqual(whole);
    expect(inspect([new Uint8Array(0), message, new Uint8Array(0)])).toEqual(whole);
  });

  test.each(accepted)("$file passes the guard unchanged", async ({ file }) => {
    const message = readVector(file);
    expect(await collect(streamOf(...pieces(message, 100)).pipeThrough(messageGuard()))).toEqual(message);
  });

  test.each(accepted)("$file is refused as truncated at every offset", ({ file }) => {
    const message = readVector(file);
    for (let length = 1; length < message.length; length += 1) {
      expect(verdict([message.subarray(0, length)]), `cut off after ${length} bytes`).toBe("truncated");
    }
  });

  test.each(accepted)("$file is refused with any byte after it", ({ file }) => {
    const message = readVector(file);
    for (let byte = 0; byte < 256; byte += 1) {
      expect(verdict([concat(message, new Uint8Array([byte]))])).toBe("trailing_data");
      expect(verdict([message, new Uint8Array([byte])])).toBe("trailing_data");
    }
  });

  test("tells the key ID of a recipient who is not hidden", () => {
    const report = inspect([readVector("accepted/gpg-curve25519.pgp")]);
    expect(report.recipients).toEqual([{ version: 3, key: expect.stringMatching(/^[0-9a-f]{16}$/), algorithm: 18 }]);
  });

  test("tells cipher and mode of version 2 data", () => {
    expect(inspect([readVector("accepted/openpgpjs-v2-gcm.pgp")]).protection).toMatchObject({ cipher: 9, aead: 3 });
    expect(inspect([readVector("accepted/openpgpjs-v2-ocb.pgp")]).protection).toMatchObject({ cipher: 9, aead: 2 });
  });
});

describe("anything but an encrypted message", () => {
  test.each(rejected)("$file is refused as $code ($origin)", async ({ file, code }) => {
    expect(await codeOf(() => inspectMessage(streamOf(readVector(file))))).toBe(code);
  });

  test.each(rejected)("$file is refused however it is chunked", ({ file, code }) => {
    const bytes = readVector(file);
    for (const size of PIECES) expect(verdict(pieces(bytes, size)), `pieces of ${size}`).toBe(code);
  });

  test.each(rejected)("$file never passes the guard whole", async ({ file, code }) => {
    const guarded = streamOf(...pieces(readVector(file), 100)).pipeThrough(messageGuard());
    expect(await codeOf(() => collect(guarded))).toBe(code);
  });

  test("a message with a password is none, unless passwords are asked for", async () => {
    const reply = readVector("replies/postern.pgp");
    expect(await codeOf(() => inspect([reply]))).toBe("password_encrypted");
    expect(new MessageInspector("password").push(reply)).toBeUndefined();
  });

  test("the vectors have every code of the union", () => {
    expect(new Set(rejected.map(({ code }) => code))).toEqual(new Set(Object.keys(FAULTS)));
  });

  test("no byte of a plain text passes the guard", async () => {
    const passed: Uint8Array[] = [];
    const guarded = streamOf(...pieces(readVector("rejected/plain-text.pgp"), 1)).pipeThrough(messageGuard());
    const keep = new WritableStream<Uint8Array>({
      write(chunk) {
        passed.push(chunk);
      },
    });
    expect(await codeOf(() => guarded.pipeTo(keep))).toBe("not_openpgp");
    expect(passed).toEqual([]);
  });
});

describe("the framing of a message", () => {
  const bytes = (...values: readonly number[]) => new Uint8Array(values);
  const [toVersion3 = bytes()] = splitAt(readVector("accepted/openpgpjs-v1.pgp"), [96]);
  const [toVersion6 = bytes()] = splitAt(readVector("accepted/openpgpjs-v2-gcm.pgp"), [78]);
  /** Encrypted data of so many bytes. */
  const v1 = (length: number) => new Uint8Array(length).fill(1, 0, 1);
  const v2 = (length: number, chunkSize = 16, cipher = 9) => {
    const data = new Uint8Array(Math.max(length, 4));
    data.set([2, cipher, 2, chunkSize]);
    return data.subarray(0, length);
  };
  const whole = (data: Uint8Array) => concat(bytes(0xd2, data.length), data);
  const both = (message: Uint8Array) => {
    const found = verdict([message]);
    for (const size of PIECES) expect(verdict(pieces(message, size)), `pieces of ${size}`).toEqual(found);
    return found;
  };
  const accepted = (version: 1 | 2) => expect.objectContaining({ protection: expect.objectContaining({ version }) });

  test.each<[string, Uint8Array, MessageFault | object]>([
    ["no data in its data packet", concat(toVersion3, whole(v1(0))), "malformed_packet"],
    ["1 byte of version 1", concat(toVersion3, whole(v1(1))), "malformed_packet"],
    ["40 bytes of version 1", concat(toVersion3, whole(v1(40))), "malformed_packet"],
    ["41 bytes of version 1", concat(toVersion3, whole(v1(41))), accepted(1)],
    ["1 byte of version 2", concat(toVersion6, whole(v2(1))), "malformed_packet"],
    ["35 bytes of version 2", concat(toVersion6, whole(v2(35))), "malformed_packet"],
    ["35 bytes of version 2 that name no cipher", concat(toVersion6, whole(v2(35, 16, 0))), "malformed_packet"],
    ["36 bytes of version 2", concat(toVersion6, whole(v2(36))), "malformed_packet"],
    ["51 bytes of version 2", concat(toVersion6, whole(v2(51))), "malformed_packet"],
    ["52 bytes of version 2", concat(toVersion6, whole(v2(52))), accepted(2)],
    ["the largest chunks", concat(toVersion6, whole(v2(60, 16))), accepted(2)],
    ["chunks that are larger still", concat(toVersion6, whole(v2(60, 17))), "unsupported"],
    ["data of version 1 for one of two recipients", concat(toVersion3, toVersion6, whole(v1(60))), "malformed_packet"],
    ["data of version 2 for one of two recipients", concat(toVersion6, toVersion3, whole(v2(60))), "malformed_packet"],
  ])("has a verdict with %s, however it is cut up", (_what, message, expected) => {
    expect(both(message)).toEqual(expected);
  });

  test.each<[string, Uint8Array, Uint8Array, MessageFault | object]>([
    ["a first portion of 256 bytes", bytes(0xd2, 0xe8), bytes(10), "malformed_packet"],
    ["a first portion of 512 bytes", bytes(0xd2, 0xe9), bytes(10), accepted(1)],
    ["a last portion of nothing", bytes(0xd2, 0xe9), bytes(0), accepted(1)],
    ["a last length in two bytes", bytes(0xd2, 0xe9), bytes(192, 8), accepted(1)],
    ["a last length in five bytes", bytes(0xd2, 0xe9), bytes(255, 0, 0, 0, 10), accepted(1)],
  ])("may come in portions: %s", (_what, header, lastLength, expected) => {
    const first = v1(header[1] === 0xe8 ? 256 : 512);
    const length = lastLength.length === 2 ? 200 : (lastLength.at(-1) ?? 0);
    const message = concat(toVersion3, header, first, lastLength, new Uint8Array(length));
    expect(both(message)).toEqual(expected);
    if (typeof expected === "string") return;
    expect(verdict([message.subarray(0, -1)])).toBe("truncated");
    expect(verdict([concat(message, bytes(0))])).toBe("trailing_data");
  });

  test.each<[string, Uint8Array, MessageFault]>([
    ["a session key of no bytes", bytes(0xc1, 0), "malformed_packet"],
    ["a session key of 4096 bytes", bytes(0xc1, 0xff, 0, 0, 0x10, 0x00), "truncated"],
    ["a session key of 4097 bytes", bytes(0xc1, 0xff, 0, 0, 0x10, 0x01), "malformed_packet"],
    ["a session key in portions", bytes(0xc1, 0xe9), "malformed_packet"],
    ["data of no bytes", concat(toVersion3, bytes(0xd2, 0)), "malformed_packet"],
    ["data of GnuPG's own kind", concat(toVersion3, bytes(0xd4, 60)), "libre_aead"],
    ["data without integrity", concat(toVersion3, bytes(0xc9, 60)), "no_integrity"],
    ["a hyphen where a packet should begin", concat(toVersion3, bytes(0x2d)), "not_openpgp"],
  ])("is judged by the header alone with %s", (_what, message, code) => {
    expect(both(message)).toBe(code);
  });

  test("tells by the first byte of the data that its version does not go with the recipient's", () => {
    expect(both(concat(toVersion6, bytes(0xd2, 60, 1)))).toBe("malformed_packet");
    expect(both(concat(toVersion3, bytes(0xd2, 60, 1)))).toBe("truncated");
  });

  test("keeps the fault of a packet as the cause of the message's", async () => {
    const failure = await failureOf(() => inspect([bytes(0x4b)]));
    expect(failure).toMatchObject({ code: "not_openpgp", cause: { name: "PacketError", code: "not_openpgp" } });
  });
});

describe("any bytes at all", () => {
  const messages = accepted.map(({ file }) => readVector(file)).filter((message) => message.length < 4096);
  const changed = mutated(messages, 140);

  test.each(bytesOfEveryKind(changed))(`are judged the same in pieces as whole: %s ${WITH_SEED}`, (_, bytes, runs) => {
    expectSameInPieces(verdict, bytes, runs);
  });

  test(`that are accepted are one whole message, completely reported ${WITH_SEED}`, () => {
    fc.assert(
      fc.property(changed, (bytes) => {
        const found = verdict([bytes]);
        if (typeof found === "string") return;
        expect(found.bytes).toBe(bytes.length);
        expect(found.recipients.length).toBeGreaterThan(0);
        expect(verdict([bytes.subarray(0, -1)])).toBe("truncated");
      }),
      seeded(2000),
    );
  });
});

describe("memory", () => {
  /** A header that claims four gigabytes of session key or data. */
  const claim = (tag: number) => new Uint8Array([0xc0 | tag, 0xff, 0xff, 0xff, 0xff, 0xff]);

  test("a session key packet that claims gigabytes is refused on its header", () => {
    expect(verdict([claim(1)])).toBe("malformed_packet");
  });

  test("half a gigabyte of data is inspected in constant memory", () => {
    const inspector = new MessageInspector();
    const [session = new Uint8Array(0)] = splitAt(readVector("accepted/openpgpjs-v1.pgp"), [96]);
    inspector.push(session);
    inspector.push(concat(claim(18), new Uint8Array([1])));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let megabyte = 0; megabyte < 512; megabyte += 1) {
      inspector.push(new Uint8Array(1024 * 1024));
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(most).toBeLessThan(256 * 1024 * 1024);
    expect(() => inspector.finish()).toThrow(MessageError);
  });
});
