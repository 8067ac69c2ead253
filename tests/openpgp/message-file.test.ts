import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MAX_SHORT_BYTES, messageIn, messageInBytes } from "../../src/openpgp/index.js";
import { holdsArmor } from "../../src/openpgp/packets/index.js";
import { streamOf, utf8 } from "../support/bytes.js";

const armored = readFileSync(new URL("../vectors/rejected/armored.pgp", import.meta.url), "latin1");
const body = armored.split("\n").filter((line) => /^[A-Za-z0-9+/]+=*$/.test(line));
const message = Buffer.from(body.join(""), "base64");

/** Each reads as the same message. */
const FORMS: Readonly<Record<string, () => string | Uint8Array>> = {
  "as it is": () => armored,
  "in binary": () => message,
  "with words before it": () => `Hello:\n\n${armored}`,
  "with words after it": () => `${armored}-- \nmother\n`,
  "in a mail": () => `From: a@b\nContent-Type: text/plain\n\n--x\n\n${armored}\n--x--\n`,
  "quoted by a mail program": () => armored.replace(/^/gm, "> "),
  "with an empty line after each line": () => armored.replaceAll("\n", "\n\n"),
  "with CRLF": () => armored.replaceAll("\n", "\r\n"),
  "with CR": () => armored.replaceAll("\n", "\r"),
  "with spaces at the ends of lines": () => armored.replaceAll("\n", " \t\n"),
  "with an empty header": () => armored.replace("\n\n", "\nComment:\n\n"),
  "without a checksum": () => armored.replace(/^=....\n/m, ""),
  "with a byte order mark": () => `\ufeff${armored}`,
  "in UTF-16 with CRLF, as PowerShell writes it": () =>
    Buffer.from(`\ufeff${armored.replaceAll("\n", "\r\n")}`, "utf16le"),
  "in UTF-16 in the other byte order": () => Buffer.from(`\ufeff${armored}`, "utf16le").swap16(),
};
const bytesOf = (form: string | Uint8Array) => new Uint8Array(Buffer.from(form));

describe("a message in a file", () => {
  it.each(Object.entries(FORMS))("is read %s", async (_how, form) => {
    const file = bytesOf(form());
    expect(Buffer.from(await messageInBytes(file))).toEqual(message);
    const read = await messageIn(streamOf(file));
    expect(Buffer.from(await new Response(read as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())).toEqual(
      message,
    );
  });

  it.each([
    ["truncated", armored.slice(0, 200)],
    ["malformed", armored.replace(/^\w{10}/m, "!!")],
    ["trailing_data", armored + armored],
    ["secret_key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nabcd\n-----END PGP PRIVATE KEY BLOCK-----\n"],
  ])("is refused as %s", async (code, file) => {
    await expect(messageInBytes(bytesOf(file))).rejects.toMatchObject({ code });
    await expect(
      new Response((await messageIn(streamOf(bytesOf(file)))) as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
    ).rejects.toMatchObject({
      code,
    });
  });

  it("is a stream where it is long", async () => {
    const long = `-----BEGIN PGP MESSAGE-----\n\n${`${"A".repeat(76)}\n`.repeat(80_000)}-----END PGP MESSAGE-----\n`;
    expect(long.length).toBeGreaterThan(MAX_SHORT_BYTES);
    const read = await messageIn(streamOf(utf8(long)));
    let bytes = 0;
    for await (const chunk of read) bytes += chunk.length;
    expect(bytes).toBe(57 * 80_000);
  });

  it("is known by its armor, in any encoding", () => {
    const known = Object.entries(FORMS).map(([how, form]) => [how, holdsArmor(bytesOf(form()))]);
    expect(Object.fromEntries(known)).toEqual(
      Object.fromEntries(Object.keys(FORMS).map((how) => [how, how !== "in binary"])),
    );
    expect(holdsArmor(utf8("Здравствуйте"))).toBe(false);
  });
});
