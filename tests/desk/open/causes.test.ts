import { appendFile, mkdir, mkdtemp, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMessage, encrypt, type PrivateKey, readKey } from "openpgp";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ADVICE } from "../../../src/cli/advice.js";
import { findSubmissions, keyOpener, type Outcome, openSubmissions, rekeySubmission } from "../../../src/desk/index.js";
import { type KeyPart, KeyRing, type Recipient } from "../../../src/openpgp/index.js";
import { recipientOf } from "../../support/keys.js";
import { submissionMessage } from "../../support/message.js";
import { lockedBy, makeSecretKey } from "../../support/secret-keys.js";
import { Random, WITH_SEED } from "../../support/seed.js";
import { removeFolder } from "../../support/temporary.js";

/** What writing to the disk of the cases fails with. */
const disk = vi.hoisted(() => ({ fault: null as string | null }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const failing = () => {
    if (disk.fault !== null) throw Object.assign(new Error("the disk fails"), { code: disk.fault });
  };
  return {
    ...fs,
    writeSync: (...words: Parameters<typeof fs.writeSync>) => {
      failing();
      return fs.writeSync(...words);
    },
  };
});

let recipient: Recipient;
let keys: readonly PrivateKey[];
let closed: readonly KeyPart[];
let other: PrivateKey;
let folder: string;
const inside = (...path: readonly string[]) => join(folder, ...path);
const FILE = "inbox/a.tar.gpg";
beforeAll(async () => {
  const [key, locked] = await Promise.all([makeSecretKey(), makeSecretKey()]);
  other = locked;
  recipient = await recipientOf({ certificate: key.toPublic().armor() });
  const ring = new KeyRing();
  await ring.add(key.write());
  await ring.add((await lockedBy(locked, "x")).write());
  keys = await ring.keys();
  closed = ring.closed;
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-causes-"));
  await mkdir(inside("inbox"));
  await writeFile(inside(FILE), await submissionMessage(recipient, 100_000));
});
afterEach(async () => {
  disk.fault = null;
  await removeFolder(folder);
});

async function open(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const files = await findSubmissions([inside("inbox")]);
  const options = { opener: keyOpener(keys), out: inside("out"), closed };
  for await (const outcome of openSubmissions(files, options)) outcomes.push(outcome);
  return outcomes;
}

const flip = async (at: number) => {
  const message = await readFile(inside(FILE));
  const place = at < 0 ? message.length + at : at;
  message[place] = (message[place] ?? 0) ^ 1;
  await writeFile(inside(FILE), message);
};
const ENCRYPTED = { format: "binary", config: { aeadProtect: false } } as const;

describe("a file that is not opened has its true cause", () => {
  const damage: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ["empty", "an empty file", () => truncate(inside(FILE), 0)],
    ["truncated", "a file that lacks its end", () => truncate(inside(FILE), 50_000)],
    [
      "truncated",
      "a file that lacks its last byte",
      async () => truncate(inside(FILE), (await readFile(inside(FILE))).length - 1),
    ],
    ["trailing_data", "a file with more at its end", () => appendFile(inside(FILE), "\n")],
    ["damaged", "a flipped bit at its end", () => flip(-40)],
    ["not_encrypted", "a letter that nobody encrypted", () => writeFile(inside(FILE), "Здравствуйте")],
    [
      "bad_armor",
      "armor that a program has changed",
      () => writeFile(inside(FILE), "-----BEGIN PGP MESSAGE-----\n\na!\n-----END PGP MESSAGE-----\n"),
    ],
    [
      "no_matching_key",
      "a file for a key that is not there",
      async () => {
        const message = await createMessage({ text: "x" });
        const stranger = (await makeSecretKey()).toPublic();
        await writeFile(
          inside(FILE),
          (await encrypt({ message, encryptionKeys: stranger, ...ENCRYPTED })) as Uint8Array,
        );
      },
    ],
    [
      "locked_key",
      "a file for a key that is locked",
      async () => {
        const message = await createMessage({ text: "x" });
        await writeFile(
          inside(FILE),
          (await encrypt({ message, encryptionKeys: other.toPublic(), ...ENCRYPTED })) as Uint8Array,
        );
      },
    ],
    [
      "password_encrypted",
      "a file with a password",
      async () => {
        const message = await createMessage({ text: "x" });
        await writeFile(inside(FILE), (await encrypt({ message, passwords: ["x"], ...ENCRYPTED })) as Uint8Array);
      },
    ],
  ];

  it.each(damage)("%s: %s", async (code, _what, make) => {
    await make();
    expect(await open()).toMatchObject([{ kind: "failed", cause: { code } }]);
    expect(await readdir(inside("out"))).toEqual([]);
    await mkdir(inside("anew"));
    const anew = rekeySubmission({
      file: inside(FILE),
      out: inside("anew"),
      keys,
      closed,
      recipients: [recipient],
      date: new Date(),
    });
    await expect(anew).rejects.toMatchObject({ code });
    expect(await readdir(inside("anew"))).toEqual([]);
  });

  it.each([
    ["no_space", "ENOSPC"],
    ["no_space", "EDQUOT"],
    ["cannot_write", "EROFS"],
    ["cannot_write", "EIO"],
  ])("%s: a disk that says %s", async (code, fault) => {
    disk.fault = fault;
    expect(await open()).toMatchObject([{ kind: "failed", cause: { code } }]);
  });

  it(`is a code that has advice, whatever bit is wrong and wherever the file ends ${WITH_SEED}`, async () => {
    const message = await readFile(inside(FILE));
    const random = new Random("causes");
    for (let count = 0; count < 200; count += 1) {
      const at = random.integer(0, (count % 2 === 0 ? 400 : message.length) - 1);
      const broken = Buffer.from(count % 3 === 0 ? message.subarray(0, at) : message);
      if (count % 3 !== 0) broken[at] = (broken[at] ?? 0) ^ (1 << random.integer(0, 7));
      await writeFile(inside(FILE), broken);
      const [outcome] = await open();
      if (outcome?.kind === "failed") expect(Object.keys(ADVICE)).toContain(outcome.cause.code);
    }
  });
});

describe("encrypting anew", () => {
  const anew = (file: string) =>
    rekeySubmission({ file, out: inside("anew"), keys, recipients: [recipient], date: new Date() });

  it("keeps the name of what a person encrypted with a program of their own, and takes armor", async () => {
    const message = await createMessage({ text: "Здравствуйте", filename: "письмо.txt" });
    const encryptionKeys = await readKey({ armoredKey: recipient.certificate.armor() });
    const armored = await encrypt({ message, encryptionKeys });
    await writeFile(inside("old.gpg"), armored as string);
    await mkdir(inside("anew"));
    await writeFile(inside(FILE), await readFile(await anew(inside("old.gpg"))));
    const [outcome] = await open();
    expect(outcome).toMatchObject({ kind: "opened", foreign: true });
    expect(await readdir(join(outcome?.kind === "opened" ? outcome.folder : "", "files"))).toEqual(["01-письмо.txt"]);
  });

  it("finds damage at the end of a long file, and leaves nothing", async () => {
    await writeFile(inside(FILE), await submissionMessage(recipient, 6_000_000));
    await flip(-40);
    await mkdir(inside("anew"));
    await expect(anew(inside(FILE))).rejects.toMatchObject({ code: "damaged" });
    expect(await readdir(inside("anew"))).toEqual([]);
  });

  it("says when the file cannot be read, or the new one cannot be written", async () => {
    await expect(anew(inside("nothing.gpg"))).rejects.toMatchObject({ code: "unreadable" });
    await expect(anew(inside("inbox"))).rejects.toMatchObject({ code: "unreadable" });
    await expect(anew(inside(FILE))).rejects.toMatchObject({ code: "cannot_write" });
    await mkdir(inside("anew"));
    await anew(inside(FILE));
    await expect(anew(inside(FILE))).rejects.toMatchObject({ code: "exists" });
  });
});
