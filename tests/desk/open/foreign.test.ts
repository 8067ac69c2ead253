import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMessage, encrypt, type PrivateKey, type PublicKey } from "openpgp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  findSubmissions,
  gpgOpener,
  keyOpener,
  type Opener,
  type Outcome,
  openSubmissions,
  readCases,
  workerOpener,
  writeReply,
} from "../../../src/desk/index.js";
import { KeyRing } from "../../../src/openpgp/index.js";
import { concat, utf8 } from "../../support/bytes.js";
import { GnuPg } from "../../support/gpg.js";
import { makeSecretKey } from "../../support/secret-keys.js";
import { removeFolder } from "../../support/temporary.js";
import { requireTools } from "../../support/tools.js";
import { END_MARK, file, type RawEntry, rawArchive, rawEntry, folder as tarFolder } from "../../support/ustar.js";

const LETTER = "Здравствуйте.\nМоего сына осудили.\n";

/** The id of the case that a file makes: the digest of its digests by blocks of 1 MiB. */
function caseIdOf(contents: Uint8Array): string {
  const block = createHash("sha256").update(contents).digest();
  return createHash("sha256").update(block).digest("hex").slice(0, 32);
}

let base: string;
let work: string;
const inside = (...path: readonly string[]) => join(work, ...path);
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "postern-foreign-"));
});
afterAll(() => removeFolder(base));
beforeEach(async () => {
  work = await mkdtemp(join(base, "work-"));
  await mkdir(inside("inbox"));
});

async function open(opener: Opener): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const files = await findSubmissions([inside("inbox")]);
  for await (const outcome of openSubmissions(files, { opener, out: inside("out") })) outcomes.push(outcome);
  await opener.close();
  return outcomes;
}

async function cases() {
  const found = [];
  for await (const one of readCases(inside("out"))) found.push(one);
  return found;
}

const record = async (outcome: Outcome | undefined) =>
  JSON.parse(await readFile(join(outcome?.kind === "opened" ? outcome.folder : "", "submission.json"), "utf8"));

describe.runIf(requireTools("what people encrypt with GnuPG", "gpg", "gpgtar", "tar", "bash"))(
  "what a person encrypted with GnuPG",
  () => {
    let staff: GnuPg;
    let person: GnuPg;
    let ring: KeyRing;
    let to: string;
    let signer: string;
    beforeAll(async () => {
      [staff, person] = await Promise.all([GnuPg.create(), GnuPg.create()]);
      to = await staff.generate("curve25519", { name: "staff" });
      signer = await person.generate("curve25519", { name: "mother" });
      await person.importKeys(await staff.exportPublic(to));
      ring = new KeyRing();
      await ring.add(utf8(await staff.exportSecret(to)));
    });
    afterAll(() => Promise.all([staff.close(), person.close()]));

    const make = async (line: string) => {
      const { code, stderr } = await person.shell(line, work);
      expect(code, stderr).toBe(0);
    };
    const gpg = () => `gpg --batch --yes --quiet --trust-model always -r ${to}`;
    const openers: Readonly<Record<string, () => Promise<Opener>>> = {
      "a secret key": async () => keyOpener(await ring.keys()),
      "a secret key, in workers": async () =>
        workerOpener(ring.keys(), 2, new URL("../../../dist/desk/open/open-worker.js", import.meta.url)),
      GnuPG: async () => gpgOpener(await wrapped(), 1),
    };
    /** gpg with the staff's home. */
    const wrapped = async () => {
      await writeFile(inside("gpg"), `#!/bin/sh\nexec gpg --homedir '${staff.home}' "$@"\n`, { mode: 0o700 });
      return inside("gpg");
    };

    it.each(Object.keys(openers))("becomes a case of one document, opened with %s", async (way) => {
      await writeFile(inside("письмо маме.txt"), LETTER);
      await make(`${gpg()} -o inbox/a.gpg -e 'письмо маме.txt'`);
      const [outcome, ...more] = await open((await openers[way]?.()) ?? keyOpener([]));
      expect(more).toEqual([]);
      const id = caseIdOf(await readFile(inside("inbox/a.gpg")));
      const folder = inside("out", `submission-${id.slice(0, 8)}`);
      expect(outcome).toMatchObject({ kind: "opened", folder, place: "case", foreign: true });
      const files = (await readdir(folder, { recursive: true })).sort();
      expect(files).toEqual(["files", "files/01-письмо маме.txt", "letter.txt", "source.json", "submission.json"]);
      expect(await readFile(join(folder, "files/01-письмо маме.txt"), "utf8")).toBe(LETTER);
      expect(await readFile(join(folder, "letter.txt"), "utf8")).toBe(LETTER);
      expect(await cases()).toMatchObject([
        {
          id,
          letter: LETTER,
          encrypted: "person",
          foreign: { signers: [], leftOut: [] },
          answerable: false,
          documents: [{ name: "письмо маме.txt", bytes: utf8(LETTER).length, warnings: [] }],
        },
      ]);
      expect((await open((await openers[way]?.()) ?? keyOpener([])))[0]).toMatchObject({ kind: "known", folder });
    });

    it.each(Object.keys(openers))("becomes a case of a folder, opened with %s", async (way) => {
      await mkdir(inside("docs/более"), { recursive: true });
      await writeFile(inside("docs/letter.txt"), LETTER);
      await writeFile(inside("docs/более/скан.pdf"), "%PDF-1.7\n");
      await symlink("/etc/passwd", inside("docs/link"));
      await make(`tar --sort=name -c docs | ${gpg()} -o inbox/a.gpg -e`);
      await make(`rm docs/link; gpgtar --batch --gpg-args '--trust-model always' -r ${to} -o inbox/b.gpg -e docs`);
      const outcomes = await open((await openers[way]?.()) ?? keyOpener([]));
      expect(outcomes.map(({ kind }) => kind)).toEqual(["opened", "opened"]);
      for (const outcome of outcomes) {
        const folder = outcome.kind === "opened" ? outcome.folder : "";
        const files = (await readdir(join(folder, "files"))).map((name) => name.slice(3)).sort();
        expect(files).toEqual(["letter.txt", "скан.pdf"]);
        const { files: described, leftOut } = await record(outcome);
        expect(described.map(({ name }: { name: string }) => name).sort()).toEqual([
          "docs/letter.txt",
          "docs/более/скан.pdf",
        ]);
        expect(leftOut).toEqual(outcome.file.endsWith("a.gpg") ? ["docs/link"] : []);
        expect(await readFile(join(folder, "letter.txt"), "utf8")).toContain(LETTER);
      }
    });

    it.each(Object.keys(openers))("shows a signature as it is: unverified, opened with %s", async (way) => {
      await writeFile(inside("letter.txt"), LETTER);
      await make(`${gpg()} -u ${signer} -o inbox/a.gpg -se letter.txt`);
      const [outcome] = await open((await openers[way]?.()) ?? keyOpener([]));
      expect((await record(outcome)).signedBy).toEqual([signer.slice(-16)]);
      expect(await cases()).toMatchObject([{ letter: LETTER, foreign: { signers: [signer.slice(-16)] } }]);
    });

    it.each([
      ["without a name", "-e < letter.txt", ["01-letter.txt"]],
      ["armored", "-a -e letter.txt", ["01-letter.txt"]],
      ["for your eyes only", "--for-your-eyes-only -e letter.txt", ["01-letter.txt"]],
      ["with hidden recipients", "--throw-keyids -e letter.txt", ["01-letter.txt"]],
      ["without compression", "--compress-algo none -e letter.txt", ["01-letter.txt"]],
      ["with bzip2", "--compress-algo bzip2 -e letter.txt", ["01-letter.txt"]],
      ["with AES-128", "--cipher-algo AES -e letter.txt", ["01-letter.txt"]],
      ["with Twofish", "--cipher-algo TWOFISH -e letter.txt", ["01-letter.txt"]],
      ["as text", "--textmode -e letter.txt", ["01-letter.txt"]],
      ["as a tar that was compressed", "-e docs.tar.gz", ["01-docs.tar.gz"]],
      ["as nothing", "-e < /dev/null", ["01-letter.txt"]],
      ["as a file of another kind, without a name", "-e < picture", ["01-document.png"]],
      ["as bytes of no kind", "-e < bytes", ["01-document"]],
    ])("opens however it was made: %s", async (_what, words, expected) => {
      await writeFile(inside("letter.txt"), LETTER);
      await writeFile(inside("bytes"), new Uint8Array([0, 1, 2, 3]));
      await writeFile(inside("picture"), await readFile(new URL("../../support/dot.png", import.meta.url)));
      await make(`tar cz letter.txt > docs.tar.gz; ${gpg()} -o inbox/a.gpg ${words}`);
      const [outcome] = await open(keyOpener(await ring.keys()));
      expect(outcome).toMatchObject({ kind: "opened" });
      const folder = outcome?.kind === "opened" ? outcome.folder : "";
      expect(await readdir(join(folder, "files"))).toEqual(expected);
    });

    it("opens a folder of over four megabytes, as a stream", async () => {
      await mkdir(inside("docs"));
      await writeFile(inside("docs/letter.txt"), LETTER);
      await writeFile(inside("docs/big"), Buffer.alloc(6_000_000, 7));
      await make(`tar --sort=name -c docs | ${gpg()} --compress-algo none -o inbox/a.gpg -e`);
      expect(await open(keyOpener(await ring.keys()))).toMatchObject([{ kind: "opened" }]);
      expect(await cases()).toMatchObject([{ documents: [{ bytes: 6_000_000 }, { name: "docs/letter.txt" }] }]);
    });

    it("cannot be answered, and says why", async () => {
      await writeFile(inside("letter.txt"), LETTER);
      await make(`${gpg()} -o inbox/a.gpg -e letter.txt`);
      const [outcome] = await open(keyOpener(await ring.keys()));
      const caseFolder = outcome?.kind === "opened" ? outcome.folder : "";
      const reply = writeReply({ caseFolder, text: inside("letter.txt"), attachments: [], out: inside("outbox") });
      await expect(reply).rejects.toMatchObject({ code: "foreign" });
    });
  },
);

describe("what a hostile person packed", () => {
  let certificate: PublicKey;
  let key: PrivateKey;
  beforeAll(async () => {
    const secret = await makeSecretKey();
    certificate = secret.toPublic();
    const ring = new KeyRing();
    await ring.add(secret.write());
    [key] = (await ring.keys()) as [PrivateKey];
  });

  /** Opens a message with these contents, and returns the names in its folder of documents. */
  async function opened(contents: Uint8Array, filename = ""): Promise<string[]> {
    const message = await createMessage({ binary: contents, filename });
    const encrypted = await encrypt({ message, encryptionKeys: certificate, format: "binary" });
    await writeFile(inside("inbox/a.gpg"), encrypted as Uint8Array);
    const [outcome] = await open(keyOpener([key]));
    expect(outcome).toMatchObject({ kind: "opened", foreign: true });
    expect((await readdir(work)).sort()).toEqual(["inbox", "out"]);
    expect(await readdir(inside("out"))).toHaveLength(1);
    const folder = outcome?.kind === "opened" ? outcome.folder : "";
    expect((await readdir(folder)).sort()).toEqual(["files", "letter.txt", "source.json", "submission.json"]);
    return readdir(join(folder, "files"));
  }

  it.each<[string, readonly RawEntry[], readonly string[]]>([
    ["paths that leave the folder", [file("../../../evil", "1"), file("/etc/passwd", "2")], ["01-evil", "02-passwd"]],
    ["paths of Windows", [file("..\\..\\evil.exe", "1"), file("C:\\x", "2")], ["01-evil.exe", "02-x"]],
    ["names that hide", [file("a\u202egpj.exe", "1"), file("b\n", "2")], ["01-a_gpj.exe", "02-b_"]],
    ["names of devices", [file("CON", "1"), file("..", "2"), file(".", "3")], ["01-CON", "02-__", "03-_"]],
    ["names that are the same", [file("a/x", "1"), file("b/x", "2"), file("b/X", "3")], ["01-x", "02-x", "03-X"]],
    [
      "files of ours",
      [file("source.json", "{}"), file("submission.json", "{}")],
      ["01-source.json", "02-submission.json"],
    ],
    ["links", [{ ...file("x"), type: "2", link: "/etc" }, file("x/passwd", "1")], ["01-passwd"]],
    ["a hard link", [{ ...file("x"), type: "1", link: "/etc/passwd" }, file("x", "1")], ["01-x"]],
    ["a folder and nothing in it", [tarFolder("docs/")], []],
  ])("never leaves its folder: %s", async (_what, entries, names) => {
    expect((await opened(rawArchive(entries))).sort()).toEqual(names);
  });

  it("cannot claim an answer, another case or another way of encryption in a record of its own", async () => {
    const reply = { mailbox: "a".repeat(32), key: "a".repeat(52) };
    const claims = { format: "postern-submission", version: 1, case: "0".repeat(32), reply, encrypted: "browser" };
    await opened(rawArchive([file("x/submission.json", JSON.stringify(claims))]));
    expect(await cases()).toMatchObject([{ encrypted: "person", answerable: false, foreign: { signers: [] } }]);
    expect((await cases())[0]?.id).not.toBe("0".repeat(32));
  });

  it.each([
    ["damaged", concat(rawEntry(file("a", "1")), rawEntry({ ...file("b", "2"), checksum: "000000\0 " }), END_MARK)],
    ["cut off", rawArchive([file("a", "1"), file("b", new Uint8Array(2_000))]).subarray(0, 1_600)],
    ["sparse", rawArchive([file("a", "1"), { ...file("b"), type: "S" }])],
    ["of too many files", rawArchive(Array.from({ length: 5_001 }, () => file("a")))],
  ])("becomes one document if it is a tar that cannot be read: %s", async (_what, contents) => {
    expect(await opened(contents)).toEqual(["01-folder.tar"]);
  });

  it("keeps the name of a tar that cannot be read", async () => {
    const cut = rawArchive([file("a", new Uint8Array(2_000))]).subarray(0, 1_600);
    expect(await opened(cut, "docs.tar")).toEqual(["01-docs.tar"]);
  });

  it("is a document with the name that the message gives it, made safe", async () => {
    expect(await opened(utf8("x"), "../../evil\u202e.txt")).toEqual(["01-evil_.txt"]);
    expect(await cases()).toMatchObject([{ documents: [{ name: "../../evil\u202e.txt" }] }]);
  });
});
