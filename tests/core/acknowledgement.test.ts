import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AcknowledgementError, readAcknowledgement, writeAcknowledgement } from "../../src/core/index.js";
import { seeded } from "../support/seed.js";

const hex = (length: number) =>
  fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length }).map((all) => all.join(""));
const opened = fc.oneof(fc.record({ id: hex(32), sha256: hex(64) }), fc.record({ id: hex(32), blocksSha256: hex(64) }));

describe("an acknowledgement", () => {
  it("survives a round trip, with each submission once, sorted by id", () => {
    fc.assert(
      fc.property(fc.array(opened), (all) => {
        const read = readAcknowledgement(writeAcknowledgement(all)).opened;
        const last = new Map(all.map((each) => [each.id, each]));
        expect(read).toEqual([...last.values()].sort((left, right) => (left.id < right.id ? -1 : 1)));
      }),
      seeded(300),
    );
  });

  it.each([
    "",
    "null",
    "[]",
    "{}",
    '{"format":"postern-acknowledgement","version":2,"opened":[]}',
    '{"format":"postern-acknowledgement","version":1,"opened":{}}',
    '{"format":"postern-acknowledgement","version":1,"opened":[null]}',
    '{"format":"postern-acknowledgement","version":1,"opened":[{"id":"../x","sha256":""}]}',
    `{"format":"postern-acknowledgement","version":1,"opened":[{"id":"${"A".repeat(32)}","sha256":"${"a".repeat(64)}"}]}`,
    `{"format":"postern-acknowledgement","version":1,"opened":[{"id":"${"a".repeat(32)}"}]}`,
    `{"format":"postern-acknowledgement","version":1,"opened":[{"id":"${"a".repeat(32)}","blocksSha256":"${"a".repeat(63)}"}]}`,
  ])("is refused: %j", (text) => {
    expect(() => readAcknowledgement(text)).toThrow(AcknowledgementError);
  });

  it("is refused with AcknowledgementError, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => readAcknowledgement(text)).toThrow(AcknowledgementError);
      }),
      seeded(1_000),
    );
  });
});
