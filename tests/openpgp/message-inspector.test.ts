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
import { codeOf, collect, concat, pieces, splitAt, streamOf } from "../support/bytes.js";
import { mutated, packetLike, places, randomBytes } from "../support/mutations.js";
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
const SIZES = [1, 2, 7, 512, 65_536];

function inspect(chunks: readonly Uint8Array[]): MessageReport {
  const inspector = new MessageInspector();
  for (const chunk of chunks) inspector.push(chunk);
  return inspector.finish();
}

/** The report, or the code of the refusal; any other error fails the test. */
function verdict(chunks: readonly Uint8Array[]): MessageReport | MessageFault {
  try {
    return inspect(chunks);
  } catch (failure) {
    if (!(failure instanceof MessageError) || !(failure.code in FAULTS)) throw failure;
    return failure.code;
  }
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
    for (const size of SIZES) expect(inspect(pieces(message, size))).toEqual(whole);
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
    for (const size of SIZES) expect(verdict(pieces(bytes, size)), `pieces of ${size}`).toBe(code);
  });

  test.each(rejected)("$file never passes the guard whole", async ({ file, code }) => {
    const guarded = streamOf(...pieces(readVector(file), 100)).pipeThrough(messageGuard());
    expect(await codeOf(() => collect(guarded))).toBe(code);
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

describe("arbitrary bytes", () => {
  const messages = accepted.map(({ file }) => readVector(file)).filter((message) => message.length < 4096);
  const changed = mutated(messages, 140);

  test.each([
    ["random bytes", randomBytes, 4000],
    ["random bytes made to look like packets", packetLike, 4000],
    ["messages with a few bytes changed", changed, 4000],
  ])(`give the same result in chunks as whole: %s ${WITH_SEED}`, (_, bytes, runs) => {
    fc.assert(
      fc.property(bytes, places, (given, cuts) => {
        expect(verdict(splitAt(given, cuts))).toEqual(verdict([given]));
      }),
      seeded(runs),
    );
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
