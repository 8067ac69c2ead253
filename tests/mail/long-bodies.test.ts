import { describe, expect, it } from "vitest";
import { readLongMessage } from "../../src/mail/long-bodies.js";
import { readMessage } from "../../src/mime/index.js";
import { base64, mimeMessage } from "../support/mail.js";
import { Random, WITH_SEED } from "../support/seed.js";

const random = new Random("long bodies");
const KIB = 1024;
/** Bytes whose base64 is just below, at and above the shortest body that is taken out, and longer. */
const SIZES = [1, 47_000, 48_000, 49_152, 49_153, 49_154, 200_000, 1_000_000];
const attachment = (bytes: Uint8Array, text = base64(bytes)): [string, string] => [
  "Content-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64",
  text,
];

async function expectTheSame(message: Uint8Array): Promise<void> {
  const [quick, plain] = await Promise.all([
    readLongMessage(new Uint8Array(message)),
    readMessage(new Uint8Array(message)),
  ]);
  expect(quick?.parts.length).toBe(plain?.parts.length);
  for (const [index, part] of (plain?.parts ?? []).entries()) {
    expect(quick?.parts[index]?.name).toBe(part.name);
    expect(Buffer.from(quick?.parts[index]?.bytes ?? []).equals(part.bytes)).toBe(true);
  }
  expect({ ...quick, parts: [] }).toEqual({ ...plain, parts: [] });
}

describe("a message with long bodies is read as by the parser alone", () => {
  it.each(SIZES)(`with an attachment of %i bytes ${WITH_SEED}`, async (size) => {
    const bytes = random.bytes(size);
    const message = mimeMessage(
      ["Subject: x"],
      ["Content-Type: text/plain", "text"],
      attachment(bytes),
      attachment(bytes),
    );
    await expectTheSame(message);
    const read = await readLongMessage(new Uint8Array(message));
    expect(read?.parts.map(({ bytes: read }) => Buffer.from(read).equals(bytes))).toEqual([true, true]);
  });

  const long = random.bytes(150 * KIB);
  it.each<[string, Uint8Array]>([
    [
      "in a forwarded message",
      mimeMessage([], ["Content-Type: message/rfc822", mimeMessage([], attachment(long)).toString()]),
    ],
    ["with rubbish before it", mimeMessage([], attachment(long, `AB!!\r\n${base64(long)}`))],
    [
      "with rubbish within",
      mimeMessage([], attachment(long, base64(long).replace(/\r\n(?=[\s\S]{90000}$)/, "\r\n-- \r\n"))),
    ],
    [
      "after another one, with an empty line between",
      mimeMessage([], attachment(long, `${base64(long)}\r\n\r\n${base64(long)}`)),
    ],
    ["that is no base64 but looks like it", mimeMessage([], ["Content-Type: text/plain", base64(long)])],
    [
      "that is the text",
      mimeMessage([], ["Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", base64(long)]),
    ],
    [
      "in quoted-printable",
      mimeMessage([], ["Content-Type: text/csv; name=a\r\nContent-Transfer-Encoding: quoted-printable", base64(long)]),
    ],
    [
      "in lines of another length",
      mimeMessage([], attachment(long, Buffer.from(long).toString("base64").replace(/.{61}/g, "$&\r\n"))),
    ],
    ["in one line", mimeMessage([], attachment(long, Buffer.from(long).toString("base64")))],
    [
      "padded in the middle",
      mimeMessage([], attachment(long, `${base64(long.subarray(0, 76_000))}\r\nQQ==\r\n${base64(long)}`)),
    ],
    ["cut off", mimeMessage([], attachment(long)).subarray(0, 120 * KIB)],
    [
      "without parts",
      Buffer.from(`Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(long)}`),
    ],
  ])("%s", async (_what, message) => {
    await expectTheSame(message);
  });
});
