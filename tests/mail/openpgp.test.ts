import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createMessage, encrypt, readKey } from "openpgp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Case } from "../../src/cases/index.js";
import { readCases } from "../../src/desk/html/cases.js";
import { createKeyPair } from "../../src/desk/index.js";
import { base64, mimeMessage, STAFF, TestMail } from "../support/mail.js";
import { submissionMessage } from "../support/message.js";
import type { OpenedCase } from "../support/portal.js";
import { SmtpClient } from "../support/smtp.js";

const LETTER = "Мой сын в колонии.\r\nПомогите.";
const ENTITY = mimeMessage(
  ["From: Мама <mother@example.com>", "Subject: =?utf-8?B?0KHRi9C9?="],
  ["Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit", LETTER],
  [
    "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64",
    base64(Buffer.from("%PDF-1.4 test")),
  ],
);

let mail: TestMail;
beforeEach(async () => {
  mail = await TestMail.start();
});
afterEach(() => mail.stop());

async function encryptTo(
  text: string | Uint8Array,
  armored: boolean,
  certificate?: string,
): Promise<string | Uint8Array> {
  const encryptionKeys = await readKey({ armoredKey: certificate ?? mail.recipient.certificate.armor() });
  const message = await createMessage({ binary: new Uint8Array(Buffer.from(text)) });
  return armored
    ? encrypt({ message, encryptionKeys, format: "armored" })
    : encrypt({ message, encryptionKeys, format: "binary" });
}

async function send(message: Uint8Array | string): Promise<void> {
  const client = await SmtpClient.greeted(mail.address);
  expect(await client.send("mother@example.com", [STAFF], message)).toMatch(/^250 /);
  client.end();
}

/** The case that the mail itself is, and those of what was encrypted in it. */
async function cases(): Promise<{ readonly own: OpenedCase | undefined; readonly inside: readonly OpenedCase[] }> {
  const opened = await mail.open();
  const own = opened.find(({ record }) => (record.encrypted as string) === "mail");
  return { own, inside: opened.filter((one) => one !== own) };
}

/** What the desk shows of the folder in which `one` is. */
async function deskCases(one: OpenedCase | undefined): Promise<Case[]> {
  const cases: Case[] = [];
  for await (const each of readCases(dirname(one?.folder ?? ""))) cases.push(each);
  return cases;
}

/** The stored files that are exactly this ciphertext. */
async function storedAs(ciphertext: Uint8Array): Promise<number> {
  const folder = join(mail.folder, "data/submissions");
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return files.filter((file) => file.equals(ciphertext)).length;
}

const pgpMime = (armored: string) =>
  [
    "From: mother@example.com",
    `To: ${STAFF}`,
    "Subject: ...",
    "MIME-Version: 1.0",
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e',
    "",
    "--e",
    "Content-Type: application/pgp-encrypted",
    "",
    "Version: 1",
    "--e",
    'Content-Type: application/octet-stream; name="encrypted.asc"',
    "",
    ...armored.split(/\r?\n/),
    "--e--",
    "",
  ].join("\r\n");

describe("a mail that is encrypted already", () => {
  it("as PGP/MIME, is stored as it is, and opens with its text and documents", async () => {
    const ciphertext = (await encryptTo(ENTITY, false)) as Uint8Array;
    const armor = `-----BEGIN PGP MESSAGE-----\n\n${base64(ciphertext).replaceAll("\r\n", "\n")}\n-----END PGP MESSAGE-----\n`;
    await send(pgpMime(armor));
    await send(pgpMime(armor));
    expect(await mail.stored()).toHaveLength(2);
    expect(await storedAs(ciphertext)).toBe(1);
    const { own, inside } = await cases();
    expect(own?.letter).toContain("Encrypted parts\n1");
    expect(own?.record).toMatchObject({ mail: { from: "mother@example.com" } });
    const [one, ...others] = await deskCases(own);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ encrypted: "mail", mail: { from: "mother@example.com" } });
    expect(one?.followUps.map(({ letter, foreign }) => [letter, foreign])).toEqual([
      [inside[0]?.letter, { signers: [], leftOut: [] }],
    ]);
    expect(inside).toHaveLength(1);
    expect(inside[0]?.files.map(({ name }) => name)).toEqual(["letter.txt", "a.pdf", "message.eml"]);
    expect(inside[0]?.files[1]?.contents.toString()).toBe("%PDF-1.4 test");
    expect(inside[0]?.files[2]?.contents.equals(ENTITY)).toBe(true);
    expect(inside[0]?.letter).toContain("Сын\n\nFrom: Мама <mother@example.com>\n\nМой сын в колонии.\nПомогите.");
    expect(inside[0]?.letter).not.toContain("boundary");
  });

  it("inline, with words around it, is stored as it is", async () => {
    const armor = String(await encryptTo(LETTER, true)).replaceAll("\n", "\r\n");
    await send(`From: a@example.com\r\nSubject: x\r\n\r\nHello,\r\n\r\n${armor}\r\nBest wishes\r\n`);
    const { own, inside } = await cases();
    expect(inside.map(({ letter }) => letter)).toEqual([LETTER.replace("\r\n", "\n")]);
    expect(await deskCases(own)).toHaveLength(1);
    expect(own?.record.answers.message).toContain("Best wishes");
  });

  it("as a file of the offline form, is a case as the form makes it", async () => {
    const file = await submissionMessage(mail.recipient, 10_000);
    await send(
      mimeMessage(
        ["From: a@example.com", "Subject: appeal"],
        ["Content-Type: text/plain", "see the file"],
        [
          "Content-Type: application/octet-stream; name=appeal.tar.gpg\r\nContent-Transfer-Encoding: base64",
          base64(file),
        ],
      ),
    );
    expect(await storedAs(file)).toBe(1);
    const { own, inside } = await cases();
    expect(inside).toHaveLength(1);
    expect(inside[0]?.record.format).toBe("postern-submission");
    // It has a receipt code of its own, and may be somebody else's than the mail.
    expect(await deskCases(own)).toHaveLength(2);
    expect(own?.files.map(({ name }) => name)).toEqual(["appeal.tar.gpg", "message.eml"]);
  });

  it("with its documents encrypted each by itself, is one case, in whatever order its parts are opened", async () => {
    const parts = await Promise.all([LETTER, "second", "third"].map((text) => encryptTo(text, true)));
    const files = parts.map((part, index): [string, string] => [
      `Content-Type: application/octet-stream; name=${index}.txt.asc`,
      String(part).replaceAll("\n", "\r\n"),
    ]);
    for (const copy of [1, 2, 3, 4]) {
      await send(
        mimeMessage(
          ["From: a@example.com", `Subject: parts ${copy}`],
          ["Content-Type: text/plain", "see below"],
          ...files,
        ),
      );
    }
    const { own } = await cases();
    // The same parts in four mails: they belong to one of these.
    const shown = await deskCases(own);
    expect(shown).toHaveLength(4);
    expect(shown.map(({ followUps }) => followUps.length).sort()).toEqual([0, 0, 0, 3]);
  });

  it("for somebody else is a document like any other", async () => {
    const other = await createKeyPair({
      profile: "gnupg",
      userId: { name: "other" },
      passphrase: "",
      lifetime: 86_400,
    });
    const armor = String(await encryptTo(LETTER, true, other.certificate)).replaceAll("\n", "\r\n");
    await send(`From: a@example.com\r\nSubject: x\r\n\r\n${armor}`);
    const { own, inside } = await cases();
    expect(inside).toEqual([]);
    expect(own?.record.answers.message).toContain("-----BEGIN PGP MESSAGE-----");
  });
});
