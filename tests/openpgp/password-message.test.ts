import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inspectMessage, type MessageFault, messageGuard } from "../../src/openpgp/index.js";
import { codeOf, collect, concat, pieces, streamOf } from "../support/bytes.js";
import { bytesOfEveryKind, expectSameInPieces, inspector, PIECES } from "../support/inspection.js";
import { mutated } from "../support/mutations.js";
import { seeded, WITH_SEED } from "../support/seed.js";
import { readManifest, readReplyVectors, readVector } from "../vectors/manifest.js";

const { accepted, rejected } = readReplyVectors();
/** The faults of messages with a password; message-inspector.test.ts has the others. */
type PasswordFault = Exclude<
  MessageFault,
  "password_encrypted" | "no_recipient" | "too_many_recipients" | "foreign_algorithm"
>;
const FAULTS: Readonly<Record<PasswordFault, true>> = {
  armored: true,
  empty: true,
  libre_aead: true,
  malformed_packet: true,
  no_integrity: true,
  no_password: true,
  not_encrypted: true,
  not_openpgp: true,
  not_password_encrypted: true,
  too_many_passwords: true,
  trailing_data: true,
  truncated: true,
  unsupported: true,
};
const verdict = inspector("password", FAULTS);

describe("a message with a password that is accepted", () => {
  test.each(accepted)("$file ($origin), however it is chunked", ({ file }) => {
    const message = readVector(file);
    const report = { recipients: [], protection: { version: 1 }, bytes: message.length };
    expect(verdict([message])).toEqual(report);
    for (const size of PIECES) expect(verdict(pieces(message, size))).toEqual(report);
  });

  test.each(accepted)("$file passes the guard unchanged", async ({ file }) => {
    const message = readVector(file);
    expect(await collect(streamOf(...pieces(message, 100)).pipeThrough(messageGuard("password")))).toEqual(message);
  });

  test.each(accepted)("$file is refused when truncated at any offset, and with any byte after it", ({ file }) => {
    const message = readVector(file);
    for (let length = 1; length < message.length; length += 1) {
      expect(verdict([message.subarray(0, length)]), `cut off after ${length} bytes`).toBe("truncated");
    }
    for (let byte = 0; byte < 256; byte += 1) {
      expect(verdict([concat(message, new Uint8Array([byte]))])).toBe("trailing_data");
    }
  });

  test.each(accepted)("$file is refused as a submission", async ({ file }) => {
    expect(await codeOf(() => inspectMessage(streamOf(readVector(file))))).toBe("password_encrypted");
  });
});

describe("anything but a message with a password", () => {
  test.each(rejected)("$file is refused as $code ($origin), however it is chunked", ({ file, code }) => {
    const bytes = readVector(file);
    expect(verdict([bytes])).toBe(code);
    for (const size of PIECES) expect(verdict(pieces(bytes, size)), `pieces of ${size}`).toBe(code);
  });

  test.each(rejected)("$file never passes the guard whole", async ({ file, code }) => {
    const guarded = streamOf(...pieces(readVector(file), 100)).pipeThrough(messageGuard("password"));
    expect(await codeOf(() => collect(guarded))).toBe(code);
  });

  test.each(readManifest().accepted)("a submission is refused: $file", ({ file }) => {
    expect(verdict([readVector(file)])).toBe("not_password_encrypted");
  });

  test("the vectors have every code of the union", () => {
    expect(new Set(rejected.map(({ code }) => code))).toEqual(new Set(Object.keys(FAULTS)));
  });

  test("a password packet that claims gigabytes is refused on its header", () => {
    expect(verdict([new Uint8Array([0xc3, 0xff, 0xff, 0xff, 0xff, 0xff])])).toBe("malformed_packet");
  });
});

describe("arbitrary bytes", () => {
  const messages = accepted.map(({ file }) => readVector(file));
  const changed = mutated(messages, 60);

  test.each(bytesOfEveryKind(changed))(`are judged the same in pieces as whole: %s ${WITH_SEED}`, (_, bytes, runs) => {
    expectSameInPieces(verdict, bytes, runs);
  });

  test(`that are accepted are one whole message with one password ${WITH_SEED}`, () => {
    fc.assert(
      fc.property(changed, (bytes) => {
        const found = verdict([bytes]);
        if (typeof found === "string") return;
        expect(found).toEqual({ recipients: [], protection: { version: 1 }, bytes: bytes.length });
        expect(verdict([bytes.subarray(0, -1)])).toBe("truncated");
      }),
      seeded(2000),
    );
  });
});
