import { chmod, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSubmission, type Document, readArchive } from "../../src/core/index.js";
import {
  checkRecipient,
  decryptMessage,
  encryptMessage,
  inspectMessage,
  type Recipient,
  readCertificates,
} from "../../src/openpgp/index.js";
import { codeOf, collect, expectSame, pieces, streamOf, utf8 } from "../support/bytes.js";
import { type Algorithm, GnuPg, run } from "../support/gpg.js";
import { Random } from "../support/seed.js";
import { requireTools } from "../support/tools.js";

const ALGORITHMS = ["rsa4096", "curve25519", "nistp256"] as const satisfies readonly Algorithm[];
const CASE = "0123456789abcdef0123456789abcdef";
const ROOT = `submission-${CASE.slice(0, 8)}`;
const LETTER = "Имя: Анна\n\nИстория: …\n";
const MOST = 2 ** 30;
const random = new Random("interop");

/** Names as given and as they stand in the archive, with what is in the files. */
const FILES: readonly { name: string; entry: string; bytes: Uint8Array }[] = [
  { name: "паспорт.jpg", entry: "01-паспорт.jpg", bytes: random.bytes(100_000) },
  { name: "паспорт.jpg", entry: "02-паспорт.jpg", bytes: random.bytes(65_537) },
  { name: `${"ж".repeat(120)}.pdf`, entry: `03-${"ж".repeat(46)}.pdf`, bytes: random.bytes(513) },
  { name: "empty", entry: "04-empty", bytes: new Uint8Array(0) },
  { name: "a b'c\"$(d)\u{1f54a}.txt", entry: "05-a b'c_$(d)\u{1f54a}.txt", bytes: utf8("text\n") },
];

interface Key {
  readonly fingerprint: string;
  readonly recipient: Recipient;
  readonly armoredSecret: string;
  readonly secret: PrivateKey;
}

let gpg: GnuPg;
let directory: string;
const keys = new Map<Algorithm, Key>();

function keyOf(algorithm: Algorithm): Key {
  const key = keys.get(algorithm);
  if (key === undefined) throw new Error(`there is no ${algorithm} key`);
  return key;
}

function submission(): ReadableStream<Uint8Array> {
  const documents = FILES.map(
    ({ name, bytes }): Document => ({
      name,
      type: "",
      size: bytes.length,
      open: () => streamOf(...pieces(bytes, 30_000)),
    }),
  );
  const form = { id: "default", version: 1 };
  const contents = { caseId: CASE, form, language: "ru", answers: {}, letter: LETTER, documents } as const;
  return createSubmission({ ...contents, encryptedBy: "server" }).stream;
}

/** Encrypts a submission into a file as the portal does, and returns its name. */
async function encryptSubmission(to: readonly Algorithm[]): Promise<string> {
  const recipients = to.map((algorithm) => keyOf(algorithm).recipient);
  const file = join(directory, "submission.tar.gpg");
  await writeFile(file, await collect(await encryptMessage(submission(), recipients, new Date())));
  return file;
}

/** Expects `folder` to hold the submission, byte for byte, and nothing else. */
async function expectSubmission(folder: string): Promise<void> {
  expect(await readdir(folder)).toEqual([ROOT]);
  const root = join(folder, ROOT);
  // gpgtar gives files what the umask leaves; the folder keeps others out.
  expect((await stat(root)).mode & 0o077).toBe(0);
  expect((await readdir(root)).sort()).toEqual(["files", "letter.txt", "padding", "submission.json"]);
  expect(await readFile(join(root, "letter.txt"), "utf8")).toBe(LETTER);
  expect((await readdir(join(root, "files"))).sort()).toEqual(FILES.map(({ entry }) => entry));
  for (const { entry, bytes } of FILES) {
    expectSame(await readFile(join(root, "files", entry)), bytes);
  }
}

describe.runIf(requireTools("interoperation with GnuPG", "gpg", "gpgtar", "tar", "bash"))("with GnuPG", () => {
  beforeAll(async () => {
    gpg = await GnuPg.create();
    for (const algorithm of ALGORITHMS) {
      const fingerprint = await gpg.generate(algorithm);
      const [certificate] = await readCertificates(await gpg.exportPublic(fingerprint));
      if (certificate === undefined) throw new Error("gpg exported no certificate");
      const armoredSecret = await gpg.exportSecret(fingerprint);
      keys.set(algorithm, {
        fingerprint,
        recipient: await checkRecipient(certificate, new Date()),
        armoredSecret,
        secret: await readPrivateKey({ armoredKey: armoredSecret }),
      });
    }
  });

  beforeEach(async () => {
    directory = await mkdtemp(join(gpg.home, "test-"));
    await mkdir(join(directory, "out"));
  });

  afterAll(async () => {
    await gpg.close();
  });

  const recipients: [string, readonly Algorithm[]][] = [
    ...ALGORITHMS.map((algorithm): [string, readonly Algorithm[]] => [algorithm, [algorithm]]),
    ["three recipients", ALGORITHMS],
  ];

  describe.each(recipients)("a submission to %s", (_, to) => {
    test("is opened by gpgtar --decrypt", async () => {
      const { code, stderr } = await gpg.gpgtar(await encryptSubmission(to), join(directory, "out"));
      expect({ code, stderr }).toMatchObject({ code: 0 });
      await expectSubmission(join(directory, "out"));
    });

    test("is opened by gpg -d | tar x", async () => {
      await encryptSubmission(to);
      const { code, stderr } = await gpg.shell("gpg --batch -q -d submission.tar.gpg | tar x -C out", directory);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      await expectSubmission(join(directory, "out"));
    });

    test("is opened by each recipient alone", async () => {
      const message = await readFile(await encryptSubmission(to));
      for (const algorithm of to) {
        const other = await GnuPg.create();
        try {
          await other.importKeys(keyOf(algorithm).armoredSecret);
          const archive = await other.decrypt(message);
          await expectArchive(streamOf(archive));
        } finally {
          await other.close();
        }
      }
    });

    test("is opened by ourselves", async () => {
      const message = await readFile(await encryptSubmission(to));
      for (const algorithm of to) {
        await expectArchive(await decryptMessage(streamOf(message), [keyOf(algorithm).secret], MOST));
      }
    });
  });

  test("a submission names no recipient, and GnuPG finds AES-256, integrity protection and no name in it", async () => {
    const file = await encryptSubmission(ALGORITHMS);
    const listed = (await gpg.gpg(["--show-session-key", "--verbose", "--list-packets", file])).toString();
    expect(listed.match(/:pubkey enc packet:.*/g)).toHaveLength(3);
    expect(listed.match(/keyid [0-9A-F]+/g)).toEqual(Array.from({ length: 3 }, () => "keyid 0000000000000000"));
    expect(listed).toContain("mdc_method: 2");
    expect(listed).toMatch(/:literal data packet:\n\tmode b \(62\), created 0, name="",/);
    expect(listed).not.toContain(":compressed packet:");
    expect(listed).not.toContain("signature packet");
    const status = await gpg.tryGpg(["--status-fd", "1", "--output", join(directory, "out.tar"), "--decrypt", file]);
    // Integrity checked, cipher 9 (AES-256), no AEAD.
    expect(status.stdout.toString()).toMatch(/DECRYPTION_INFO 2 9 0/);
    expect(status.stdout.toString()).toContain("GOODMDC");
  });

  test("a submission with one bit flipped is refused by GnuPG and by us", async () => {
    const message = await readFile(await encryptSubmission(["curve25519"]));
    const place = message.length - 1000;
    message[place] = (message[place] ?? 0) ^ 1;
    expect((await gpg.tryGpg(["--decrypt"], message)).code).not.toBe(0);
    const open = async () => collect(await decryptMessage(streamOf(message), [keyOf("curve25519").secret], MOST));
    expect(await codeOf(open)).toBe("damaged");
  });

  const ways: [string, readonly string[]][] = [
    ["compressed, as GnuPG does unless told", []],
    ["compressed with ZIP", ["--compress-algo", "zip"]],
    ["compressed with bzip2", ["--compress-algo", "bzip2"]],
    ["uncompressed", ["--compress-algo", "none"]],
    ["to a hidden recipient", ["--throw-keyids"]],
  ];

  describe.each(recipients)("what gpg --encrypt makes for %s", (_, to) => {
    test.each(ways)("from standard input is opened by us: %s", async (_way, extra) => {
      const prints = to.map((algorithm) => keyOf(algorithm).fingerprint);
      const message = await gpg.encrypt(await collect(submission()), prints, extra);
      const report = await inspectMessage(streamOf(message));
      expect(report.recipients).toHaveLength(to.length);
      for (const algorithm of to) {
        const opened = await decryptMessage(streamOf(...pieces(message, 10_000)), [keyOf(algorithm).secret], MOST);
        await expectArchive(opened);
      }
    });
  });

  test.each([
    ["definite", "gpg --batch -q --trust-model always --compress-algo none -r KEY -o out.gpg -e in.tar", false],
    ["partial", "cat in.tar | gpg --batch -q --trust-model always --compress-algo none -r KEY -o out.gpg -e", true],
  ])("what gpg --encrypt makes in %s lengths is opened by us", async (_, line, partial) => {
    await writeFile(join(directory, "in.tar"), await collect(submission()));
    const { code, stderr } = await gpg.shell(line.replace("KEY", keyOf("curve25519").fingerprint), directory);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const message = new Uint8Array(await readFile(join(directory, "out.gpg")));
    // The session key packet's length is one byte here; the data packet follows it.
    const data = 2 + (message[1] ?? 0);
    expect(message[data]).toBe(0xd2);
    const length = message[data + 1] ?? 0;
    expect(length >= 224 && length < 255).toBe(partial);
    await inspectMessage(streamOf(message));
    await expectArchive(await decryptMessage(streamOf(message), [keyOf("curve25519").secret], MOST));
  });

  test("a certificate whose encryption subkey ends before it does ends with that", async () => {
    const other = await GnuPg.create();
    try {
      await other.gpg(["--passphrase", "", "--quick-generate-key", "Test <test@example.org>", "ed25519", "cert", "2y"]);
      const listed = (await other.gpg(["--with-colons", "--list-keys"])).toString();
      const fingerprint = /fpr:+([0-9A-F]{40}):/.exec(listed)?.[1] ?? "";
      await other.gpg(["--passphrase", "", "--quick-add-key", fingerprint, "cv25519", "encr", "30d"]);
      const [certificate] = await readCertificates(await other.exportPublic());
      if (certificate === undefined) throw new Error("gpg exported no certificate");
      const subkey = (await other.gpg(["--with-colons", "--list-keys"])).toString().match(/^sub:(?:[^:]*:){5}(\d+):/m);
      const recipient = await checkRecipient(certificate, new Date());
      expect(recipient.aead).toBeNull();
      expect(recipient.expires).toEqual(new Date(Number(subkey?.[1]) * 1000));
      expect(await codeOf(() => checkRecipient(certificate, new Date(Date.now() + 31 * 86_400_000)))).toBe("expired");
    } finally {
      await other.close();
    }
  });

  describe.runIf(requireTools("interoperation with Sequoia", "sq"))("and with Sequoia", () => {
    test.each(recipients)("a submission to %s is opened by sq decrypt", async (_, to) => {
      const file = await encryptSubmission(to);
      for (const algorithm of to) {
        const secret = join(directory, `${algorithm}.asc`);
        await writeFile(secret, keyOf(algorithm).armoredSecret);
        await chmod(secret, 0o600);
        const { code, stdout, stderr } = await run("sq", ["decrypt", "--recipient-key", secret, file]);
        expect({ code, stderr }).toMatchObject({ code: 0 });
        await expectArchive(streamOf(stdout));
      }
    });

    test.each(ALGORITHMS)("what sq encrypt makes for %s is opened by us", async (algorithm) => {
      const certificate = join(directory, "certificate.asc");
      await writeFile(certificate, keyOf(algorithm).recipient.certificate.armor());
      const args = ["encrypt", "--binary", "--recipient-cert", certificate];
      const { code, stdout, stderr } = await run("sq", args, { input: await collect(submission()) });
      expect({ code, stderr }).toMatchObject({ code: 0 });
      await inspectMessage(streamOf(stdout));
      await expectArchive(await decryptMessage(streamOf(stdout), [keyOf(algorithm).secret], MOST));
    });
  });
});

/** Expects the archive to hold the submission, byte for byte. */
async function expectArchive(archive: ReadableStream<Uint8Array>): Promise<void> {
  const found: string[] = [];
  for await (const { path, body } of readArchive(archive)) {
    found.push(path);
    const file = FILES.find(({ entry }) => path === `files/${entry}`);
    if (file !== undefined) expectSame(await collect(body), file.bytes);
    if (path === "letter.txt") expect(await collect(body)).toEqual(utf8(LETTER));
  }
  const documents = FILES.map(({ entry }) => `files/${entry}`);
  expect(found).toEqual(["", "files", "letter.txt", "submission.json", ...documents, "padding"]);
}
