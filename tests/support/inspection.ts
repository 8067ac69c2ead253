import fc from "fast-check";
import { expect } from "vitest";
import {
  MessageError,
  type MessageFault,
  MessageInspector,
  type MessageLock,
  type MessageReport,
} from "../../src/openpgp/index.js";
import { splitAt } from "./bytes.js";
import { packetLike, places, randomBytes } from "./mutations.js";
import { seeded } from "./seed.js";

/** Bytes of the pieces that messages are cut up into. */
export const PIECES = [1, 2, 7, 512, 65_536];

export type Verdict = MessageReport | MessageFault;

/**
 * What the inspector says of the chunks: its report, or the code of its refusal. A refusal with a code that is not
 * among `faults`, or any other error, passes through and fails the test.
 */
export function inspector(lock: MessageLock, faults: object): (chunks: readonly Uint8Array[]) => Verdict {
  return (chunks) => {
    try {
      const inspecting = new MessageInspector(lock);
      for (const chunk of chunks) inspecting.push(chunk);
      return inspecting.finish();
    } catch (failure) {
      if (!(failure instanceof MessageError) || !(failure.code in faults)) throw failure;
      return failure.code;
    }
  };
}

/** Bytes of every kind, with how many of them to try; `changed` are messages with a few bytes changed. */
export const bytesOfEveryKind = (changed: fc.Arbitrary<Uint8Array>) =>
  [
    ["random bytes", randomBytes, 4000],
    ["random bytes made to look like packets", packetLike, 4000],
    ["messages with a few bytes changed", changed, 4000],
  ] as const;

/** Fails unless the verdict on each of so many `bytes` is the same in pieces as whole. */
export function expectSameInPieces(
  verdict: (chunks: readonly Uint8Array[]) => Verdict,
  bytes: fc.Arbitrary<Uint8Array>,
  runs: number,
): void {
  fc.assert(
    fc.property(bytes, places, (given, cuts) => {
      expect(verdict(splitAt(given, cuts))).toEqual(verdict([given]));
    }),
    seeded(runs),
  );
}
