import fc from "fast-check";
import { concat } from "./bytes.js";

/** One of `messages` with a few bytes set, inserted or deleted; half of them in the first `head`, among the headers. */
export function mutated(messages: readonly Uint8Array[], head: number): fc.Arbitrary<Uint8Array> {
  const mutation = fc.record({
    at: fc.nat(4095),
    byte: fc.nat(255),
    kind: fc.constantFrom("set", "insert", "delete"),
  });
  return fc
    .tuple(fc.constantFrom(...messages), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([message, mutations]) =>
      mutations.reduce((bytes, { at, byte, kind }) => {
        const place = at % 2 === 0 ? at % bytes.length : at % Math.min(bytes.length, head);
        const before = bytes.subarray(0, place);
        if (kind === "insert") return concat(before, new Uint8Array([byte]), bytes.subarray(place));
        if (kind === "delete") return concat(before, bytes.subarray(place + 1));
        return concat(before, new Uint8Array([byte]), bytes.subarray(place + 1));
      }, message),
    );
}

export const randomBytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 300 });

/** Random bytes behind packet headers that say how many they are. */
export const packetLike: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.tuple(fc.constantFrom(0xc1, 0xd2, 0x84, 0x85, 0x86, 0xc3, 0xd4, 0xcb, 0xc9), fc.uint8Array({ maxLength: 80 })),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => concat(...all.map(([tag, body]) => concat(new Uint8Array([tag, body.length]), body))));

/** Where to cut. */
export const places: fc.Arbitrary<number[]> = fc.array(fc.nat(2000), { maxLength: 12 });
