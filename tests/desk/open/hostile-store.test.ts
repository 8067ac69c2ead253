import { mkdir, mkdtemp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSubmission } from "../../../src/core/index.js";
import { createKeyPair, type KeyProfile, keyOpener, type Outcome, openSubmissions } from "../../../src/desk/index.js";
import { encryptMessage as encryptNatively } from "../../../src/native/index.js";
import { encryptMessage, type Recipient } from "../../../src/openpgp/index.js";
import { recipientOf } from "../../support/keys.js";
import { literal, packet, sealed } from "../../support/sealed.js";
import { Random, WITH_SEED } from "../../support/seed.js";
import { removeFolder } from "../../support/temporary.js";
import { file, folder as folderEntry, rawArchive } from "../../support/ustar.js";

const CASE = "0123456789abcdef0123456789abcdef";
const ROOT = "submission-01234567";
const SIZE = 700_000;

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "postern-store-"));
});
afterAll(() => removeFolder(base));

interface Desk {
  readonly recipient: Recipient;
  readonly key: PrivateKey;
}

async function desk(profile: KeyProfile = "gnupg"): Promise<Desk> {
  const pair = await createKeyPair({ profile, userId: { name: "t" }, passphrase: "", lifetime: 1e6 });
  return { recipient: await recipientOf(pair), key: await readPrivateKey({ armoredKey: pair.secretKey }) };
}

async function message({ recipient }: Desk, encrypt: typeof encryptMessage): Promise<Buffer> {
  const contents = new Random("hostile store").bytes(SIZE);
  const { stream } = createSubmission({
    caseId: CASE,
    form: { id: "default", version: 1 },
    language: "ru",
    answers: {},
    letter: "письмо\n",
    documents: [{ name: "a.bin", type: "", size: SIZE, open: () => new Blob([contents]).stream() }],
    encryptedBy: "browser",
  });
  return Buffer.from(await new Response(await encrypt(stream, [recipient], new Date())).arrayBuffer());
}

/** Opens one file as the server gave it, and says what is in the folder of cases afterwards. */
async function open(contents: Uint8Array, { key }: Desk, name = "a.gpg", at: Date | null = null) {
  const folder = await mkdtemp(join(base, "one-"));
  const [path, out] = [join(folder, name), join(folder, "out")];
  await mkdir(out);
  await writeFile(path, contents);
  if (at !== null) await utimes(path, at, at);
  const outcomes: Outcome[] = [];
  for await (const outcome of openSubmissions([path], { opener: keyOpener([key]), out })) outcomes.push(outcome);
  return { outcome: outcomes[0], left: await readdir(out), out };
}

const WAYS = (["gnupg", "rfc9580"] as const).flatMap((profile) => [
  [profile, "the browser", encryptMessage] as const,
  [profile, "the server", encryptNatively as typeof encryptMessage] as const,
]);

describe("a submission whose pieces the server has moved", () => {
  it.each(WAYS)(`is refused and leaves nothing: %s, encrypted by %s ${WITH_SEED}`, async (profile, by, encrypt) => {
    const staff = await desk(profile);
    const whole = await message(staff, encrypt);
    const other = await message(staff, encrypt);
    const random = new Random(`${profile} ${by}`);
    const at = (block: number) => [random.integer(1, Math.floor(whole.length / block) - 2) * block, block] as const;
    const variants: Uint8Array[] = [];
    for (const block of [16, 64, 4_096, 65_536, 65_536 + 16]) {
      const [one, size] = at(block);
      const two = one < whole.length / 2 ? one + size : one - size;
      const swapped = Buffer.from(whole);
      whole.copy(swapped, one, two, two + size);
      whole.copy(swapped, two, one, one + size);
      const mixed = Buffer.from(whole);
      other.copy(mixed, one, one, one + size);
      variants.push(swapped, mixed);
      variants.push(Buffer.concat([whole.subarray(0, one), whole.subarray(one + size)]));
      variants.push(Buffer.concat([whole.subarray(0, one + size), whole.subarray(one)]));
      variants.push(whole.subarray(0, one));
    }
    variants.push(Buffer.concat([whole, whole]), Buffer.concat([whole.subarray(0, 300), other.subarray(300)]));
    for (const [index, variant] of variants.entries()) {
      if (whole.equals(variant)) continue;
      const { outcome, left } = await open(variant, staff);
      expect([outcome?.kind, left], `variant ${index}`).toEqual(["failed", []]);
    }
    expect((await open(whole, staff)).left).toEqual([ROOT]);
  });
});

describe("names and times that the server has changed", () => {
  it("change the day that is shown, and nothing else: the case is the one inside", async () => {
    const staff = await desk();
    const whole = await message(staff, encryptMessage);
    for (const name of ["a.gpg", `${"f".repeat(32)}.tar.gpg`, "..gpg", "письмо.gpg"]) {
      const { left, out } = await open(whole, staff, name, new Date("2031-02-03T00:00:00Z"));
      expect(left).toEqual([ROOT]);
      const record = JSON.parse(await readFile(join(out, ROOT, "submission.json"), "utf8")) as { case: string };
      expect(record.case).toBe(CASE);
      const source = JSON.parse(await readFile(join(out, ROOT, "source.json"), "utf8")) as { day: string };
      expect(source.day).toBe("2031-02-03");
    }
  });
});

describe("an older or unknown format", () => {
  const archive = (record: object) =>
    rawArchive([
      folderEntry(`${ROOT}/`),
      folderEntry(`${ROOT}/files/`),
      file(`${ROOT}/letter.txt`, "x"),
      file(
        `${ROOT}/submission.json`,
        JSON.stringify({ format: "postern-submission", version: 1, case: CASE, files: [], ...record }),
      ),
    ]);

  it.each([{ version: 0 }, { version: 2 }, { version: "1" }, { format: "postern" }, { format: null }])(
    "of the record is refused: %j",
    async (record) => {
      const staff = await desk();
      const { outcome, left } = await open(await sealed(staff.recipient, literal(archive(record))), staff);
      expect([outcome?.kind, left]).toEqual(["failed", []]);
    },
  );

  it("of encryption, without an integrity check, is refused even with the right key", async () => {
    const staff = await desk();
    const whole = Buffer.from(await sealed(staff.recipient, literal(archive({}))));
    expect((await open(whole, staff)).outcome?.kind).toBe("opened");
    // The same session key, and the packet of encrypted data without an integrity check (tag 9) in place of tag 18.
    const start = 2 + (whole[1] ?? 0);
    expect([...whole.subarray(start, start + 4)]).toEqual([0xc0 | 18, expect.any(Number), expect.any(Number), 1]);
    const older = Buffer.concat([whole.subarray(0, start), packet(9, whole.subarray(start + 4))]);
    const { outcome, left } = await open(older, staff);
    expect(left).toEqual([]);
    expect(outcome).toMatchObject({ kind: "failed", cause: { code: "unsupported" } });
  });
});
