import type { PrivateKey } from "openpgp";
import { beforeAll, describe, expect, it } from "vitest";
import { unlockKeys } from "../../src/desk-web/unlock.js";
import { utf8 } from "../support/bytes.js";
import { lockedBy, makeSecretKey } from "../support/secret-keys.js";

let plain: PrivateKey;
let other: PrivateKey;
beforeAll(async () => {
  [plain, other] = await Promise.all([makeSecretKey(), makeSecretKey()]);
});

const fileOf = (name: string, contents: string | Uint8Array) => new File([new Uint8Array(Buffer.from(contents))], name);
const subkeyOf = (key: PrivateKey) => key.subkeys[0]?.getFingerprint().toUpperCase() ?? "";
const never = () => undefined;

describe("files of keys in the desk page", () => {
  it("open as far as the passphrase goes, and each of the others is named", async () => {
    const [one, two] = await Promise.all([lockedBy(plain, "one"), lockedBy(other, "two")]);
    const files = [
      fileOf("one.asc", one.toPublic().armor() + one.armor()),
      fileOf("two.asc", Buffer.from(`\ufeff${two.armor()}`, "utf16le")),
      fileOf("certificate.asc", one.toPublic().armor()),
      fileOf("letter.txt", utf8("Здравствуйте")),
      fileOf("cut.asc", one.armor() + two.armor().slice(0, 300)),
      { name: "gone.asc", size: 1, arrayBuffer: () => Promise.reject(new DOMException("x", "NotReadableError")) },
      { name: "large.asc", size: 2 ** 30, arrayBuffer: () => Promise.reject(new Error("read")) },
    ];
    let tries = 0;
    const first = await unlockKeys(files, "one", [], () => {
      tries += 1;
    });
    expect(first.open.map(({ fingerprint }) => fingerprint)).toEqual([subkeyOf(plain)]);
    expect(first.closed.map(({ fingerprint, lock }) => [fingerprint, lock])).toEqual([[subkeyOf(other), "passphrase"]]);
    expect(first.bodies).toHaveLength(1);
    expect(first.notices).toEqual([
      { file: "certificate.asc", fault: "public_only" },
      { file: "letter.txt", fault: "not_keys" },
      { file: "cut.asc", fault: "partly_damaged" },
      { file: "gone.asc", fault: "unreadable" },
      { file: "large.asc", fault: "too_large" },
    ]);
    expect(tries).toBe(2);
  });

  it("are not tried again once they are open, and not given again", async () => {
    const one = fileOf("one.asc", (await lockedBy(plain, "one")).armor());
    const bare = fileOf("bare.asc", other.armor());
    const open = [subkeyOf(plain), subkeyOf(other)];
    const again = await unlockKeys([one, bare], "one", open, () => {
      throw new Error("tried");
    });
    expect(again).toEqual({ bodies: [], open: [], closed: [], notices: [] });
    expect((await unlockKeys([bare], "", [], never)).open).toHaveLength(1);
  });
});
