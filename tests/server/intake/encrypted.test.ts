import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { armor, enums, readKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GnuPg } from "../../support/gpg.js";
import { submissionMessage } from "../../support/message.js";
import { startTestPortal, type TestPortal } from "../../support/portal.js";
import { BOUNDARY, beginPost, part } from "../../support/raw-request.js";
import { requireTools } from "../../support/tools.js";
import { readVector } from "../../vectors/manifest.js";

const CANARY = "канарейка-открытый-текст-4e1b";
const MIB = 1024 * 1024;

let portal: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal({ config: { maxSubmission: MIB } });
});
afterAll(() => portal.stop());

async function handIn(...files: readonly (Uint8Array | string)[]): Promise<{ status: number; page: string }> {
  const form = new FormData();
  for (const file of files) form.append("file", new File([new Uint8Array(Buffer.from(file))], `${CANARY}.gpg`));
  const response = await fetch(`${portal.url}/ru/encrypted`, { method: "POST", body: form });
  return { status: response.status, page: await response.text() };
}

const armored = (bytes: Uint8Array) => armor(enums.armor.message, bytes);
const message = () => submissionMessage(portal.recipient, 1000);

describe("a file that is encrypted already", () => {
  it.each([
    ["binary", (bytes: Uint8Array) => bytes],
    ["armored", armored],
    [
      "armored and sent through a mail program",
      (bytes: Uint8Array) => `\r\n${armored(bytes).replaceAll("\n", "\r\n")}`,
    ],
  ])("is stored as binary when it is %s, and opens", async (_what, wrap) => {
    const before = await portal.stored();
    const bytes = await message();
    const { status, page } = await handIn(wrap(bytes));
    expect([status, page.includes("Мы получили ваш файл")]).toEqual([200, true]);
    const [name] = (await portal.stored()).filter((stored) => !before.includes(stored));
    expect(name).toMatch(/^[0-9a-f]{32}\.tar\.gpg$/);
    expect(Buffer.from(bytes).equals(await readFile(join(portal.folder, "submissions", name ?? "")))).toBe(true);
    expect((await portal.open()).length).toBeGreaterThan(before.length);
  });

  const secret = async () => {
    const key = await readKey({ armoredKey: portal.secretKey });
    return key.write();
  };
  const REFUSALS: readonly (readonly [string, number, string, () => Promise<readonly (Uint8Array | string)[]>])[] = [
    ["nothing", 400, "не выбран или он пустой", async () => []],
    ["an empty file", 400, "не выбран или он пустой", async () => [""]],
    ["two files", 400, "Выберите один файл", async () => [await message(), await message()]],
    ["plain text", 422, "не зашифрован", async () => [CANARY]],
    ["plain text that begins with a hyphen", 422, "не зашифрован", async () => [`- ${CANARY}`]],
    ["a picture", 422, "не зашифрован|повреждён", async () => [Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10])]],
    ["a message cut off", 422, "повреждён", async () => [(await message()).subarray(0, 30_000)]],
    ["armor cut off", 422, "повреждён", async () => [armored(await message()).slice(0, 5_000)]],
    [
      "a message with text after it",
      422,
      "что-то ещё",
      async () => [Buffer.concat([await message(), Buffer.from(CANARY)])],
    ],
    ["armor with text after it", 422, "что-то ещё", async () => [`${armored(await message())}\n${CANARY}`]],
    ["a secret key", 422, "тайный ключ", async () => [portal.secretKey]],
    ["a binary secret key", 422, "тайный ключ", async () => [await secret()]],
    ["a public key", 422, "не зашифрованное письмо", async () => [portal.recipient.certificate.armor()]],
    ["made by GnuPG's OCB", 422, "--rfc4880", async () => [readVector("rejected/ocb-of-gnupg.pgp")]],
    ["without integrity", 422, "не защищает от подмены", async () => [readVector("rejected/without-integrity.pgp")]],
    ["of an unknown version", 422, "не сможем открыть", async () => [readVector("rejected/unknown-data-version.pgp")]],
    ["for a kind of key that is not ours", 422, "для чужого ключа", async () => [readVector("rejected/elgamal.pgp")]],
    ["for more keys than we have", 422, "для чужого", async () => [readVector("rejected/too-many-recipients.pgp")]],
    ["signed only", 422, "не зашифрованное письмо", async () => [readVector("rejected/signed-and-compressed.pgp")]],
    ["words and a secret key", 422, "тайный ключ", async () => [`Вот:\n${portal.secretKey}`]],
    ["words in UTF-16", 422, "не зашифрован", async () => [Buffer.from(`\ufeff${CANARY}`, "utf16le")]],
    ["more than fits", 413, "слишком большой", async () => [await submissionMessage(portal.recipient, 40 * MIB)]],
  ];

  it.each(REFUSALS)("is refused, and nothing of it kept, if it is %s", async (_what, status, words, files) => {
    const before = await portal.stored();
    const answer = await handIn(...(await files()));
    expect(answer.page).toMatch(new RegExp(words));
    expect(answer.status).toBe(status);
    expect(answer.page).not.toContain(CANARY);
    expect(answer.page).toContain('name="file"');
    expect(await portal.stored()).toEqual(before);
    expect(await portal.underWay()).toEqual([]);
    expect(portal.log.join("")).not.toContain(CANARY);
  });

  it("is refused where there is no space", async () => {
    const full = await startTestPortal({ config: { minFree: Number.MAX_SAFE_INTEGER } });
    try {
      const form = new FormData();
      form.append("file", new File([new Uint8Array(await submissionMessage(full.recipient, 1))], "x.gpg"));
      const response = await fetch(`${full.url}/uk/encrypted`, { method: "POST", body: form });
      expect(response.status).toBe(507);
      expect(await response.text()).toContain("бракує місця");
      expect(await full.stored()).toEqual([]);
    } finally {
      await full.stop();
    }
  });

  it("leaves nothing readable on the disk even while it is still coming", async () => {
    const roomy = await startTestPortal();
    const head = part(`name="file"; filename="${CANARY}.gpg"`, "", "application/octet-stream").subarray(0, -2);
    const socket = await beginPost(`${roomy.url}/ru/encrypted`, {
      "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`,
      "Content-Length": String(100 * MIB),
    });
    const piece = Buffer.alloc(MIB, CANARY);
    const write = promisify((bytes: Buffer, done: (error?: Error | null) => void) => socket.write(bytes, done));
    try {
      await write(head);
      // More than the buffers between us hold: when the last piece has gone, the portal has taken the first ones.
      for (let count = 0; count < 24; count += 1) {
        await write(piece);
        for (const name of await readdir(roomy.folder, { recursive: true })) {
          const contents = await readFile(join(roomy.folder, name)).catch(() => Buffer.alloc(0));
          expect(contents.includes(CANARY)).toBe(false);
        }
      }
    } finally {
      socket.destroy();
      await roomy.stop();
    }
  });

  it.each([
    ["words before it", (words: string) => `${CANARY}\n\n${words}`, true],
    ["an empty line after each line", (words: string) => words.replaceAll("\n", "\n\n"), false],
    ["UTF-16", (words: string) => Buffer.from(`\ufeff${words.replaceAll("\n", "\r\n")}`, "utf16le"), false],
    ["space at the ends of lines", (words: string) => words.replaceAll("\n", " \t\r\n"), false],
  ])("may be armored with %s; words around it are not kept, and that is said", async (_what, wrap, outside) => {
    const before = await portal.stored();
    const bytes = await message();
    const { status, page } = await handIn(wrap(armored(bytes)));
    expect([status, page.includes("Их мы не сохранили") || page.includes("мы их не сохранили")]).toEqual([
      200,
      outside,
    ]);
    const [name = ""] = (await portal.stored()).filter((stored) => !before.includes(stored));
    expect(Buffer.from(bytes).equals(await readFile(join(portal.folder, "submissions", name)))).toBe(true);
  });

  it.runIf(requireTools("handing in what gpg made", "gpg"))("may be made by one's own gpg", async () => {
    const gpg = await GnuPg.create();
    try {
      const { certificate, fingerprint } = portal.recipient;
      await gpg.importKeys(certificate.armor());
      for (const options of [[], ["--armor"], ["--hidden-recipient", fingerprint]]) {
        const made = await gpg.encrypt(Buffer.from("письмо"), options.length === 2 ? [] : [fingerprint], options);
        expect((await handIn(made)).status).toBe(200);
      }
      const other = await gpg.generate("curve25519");
      const { status, page } = await handIn(await gpg.encrypt(Buffer.from("письмо"), [other]));
      expect([status, page.includes("для кого-то другого")]).toEqual([422, true]);
      const both = await handIn(await gpg.encrypt(Buffer.from("письмо"), [fingerprint, other]));
      expect([both.status, both.page.includes("ещё и для чужого ключа")]).toEqual([422, true]);
      expect(both.page).toContain("--no-encrypt-to");
      const hidden = await gpg.encrypt(Buffer.from("письмо"), [other], ["--hidden-recipient", fingerprint]);
      expect((await handIn(hidden)).page).toContain("ещё и для чужого ключа");
      const symmetric = await gpg.gpg(["--symmetric", "--passphrase", "x"], Buffer.from("письмо"));
      expect((await handIn(symmetric)).page).toContain("зашифрован паролем");
    } finally {
      await gpg.close();
    }
  });
});
