import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { BlockDigest } from "../../src/core/index.js";
import { Random } from "../support/seed.js";

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

function expected(bytes: Uint8Array): string {
  const digests: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MIB) digests.push(sha256(bytes.subarray(at, at + MIB)));
  return sha256(Buffer.concat(digests)).toString("hex");
}

describe("the block digest", () => {
  it.each([0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 5])(
    "of %i bytes is as defined, however they are chunked",
    async (length) => {
      const random = new Random(`block digest ${length}`);
      const bytes = random.bytes(length);
      for (const largest of [1_000, 70_000, 4 * MIB]) {
        const digest = new BlockDigest();
        for (let at = 0; at < length; ) {
          const chunk = bytes.subarray(at, at + random.integer(1, largest));
          await digest.push(chunk);
          at += chunk.length;
        }
        expect(await digest.finish()).toBe(expected(bytes));
      }
    },
  );
});
