import { readKey, readPrivateKey } from "openpgp";
import { describe, expect, it } from "vitest";
import {
  holdsSecretKey,
  MAX_CERTIFICATE_FILE_BYTES,
  readCertificates,
  readKeyFile,
} from "../../../src/openpgp/index.js";
import { codeOf, concat, utf8 } from "../../support/bytes.js";
import { Random, WITH_SEED } from "../../support/seed.js";
import { readText } from "../../vectors/manifest.js";

const MEBIBYTE = 1024 * 1024;
const CURVE = readText("certificates/gpg-curve25519.asc");
const NIST = readText("certificates/gpg-nistp256.asc");
const SECRET = readText("keys/gpg-curve25519.asc");

const binary = async (armored: string) => (await readKey({ armoredKey: armored })).write();
const secretBytes = async (armoredKey = SECRET) => (await readPrivateKey({ armoredKey })).write();
const utf16 = (text: string, big = false) => {
  const bytes = Buffer.from(text, "utf16le");
  return big ? bytes.swap16() : bytes;
};
const utf32 = (text: string) =>
  Buffer.concat([...text].map((character) => Buffer.from([character.charCodeAt(0), 0, 0, 0])));

async function found(contents: string | Uint8Array): Promise<string[]> {
  return (await readCertificates(contents)).map(({ fingerprint }) => fingerprint);
}

describe("a file of certificates is read", async () => {
  const [curve] = await found(CURVE);
  const [nist] = await found(NIST);
  const cases: readonly (readonly [string, string | Uint8Array, number])[] = [
    ["armored", CURVE, 1],
    ["with a byte order mark", `\ufeff${CURVE}`, 1],
    ["in UTF-16, as PowerShell writes it", utf16(`\ufeff${CURVE.replaceAll("\n", "\r\n")}`), 1],
    ["in UTF-16 of the other byte order", utf16(`\ufeff${CURVE}`, true), 1],
    ["in UTF-16 without a mark", utf16(CURVE), 1],
    ["in UTF-32", utf32(CURVE), 1],
    ["with Cyrillic words around it", `Здравствуйте, вот ключ:\n\n${CURVE}\nДо свидания\n`, 1],
    ["with space around every line", CURVE.replaceAll("\n", "  \n\t"), 1],
    ["with an empty line after each", CURVE.replaceAll("\n", "\n\n"), 1],
    ["without the empty line after its headers", CURVE.replace("\n\n", "\nComment: x\n"), 1],
    ["with the line ends of an old Mac", CURVE.replaceAll("\n", "\r"), 1],
    ["in two blocks", CURVE + NIST, 2],
    ["in the same block twice", CURVE + CURVE, 1],
    ["in binary", await binary(CURVE), 1],
    ["as a binary ring of two", concat(await binary(CURVE), await binary(NIST)), 2],
    // GnuPG's own ring has trust packets between.
    [
      "with packets of other programs between",
      concat(await binary(CURVE), Uint8Array.of(0xcc, 1, 0), await binary(NIST)),
      2,
    ],
  ];

  it.each(cases)("%s", async (_how, contents, count) => {
    expect(await found(contents)).toEqual([curve, nist].slice(0, count));
  });

  it("and nothing is found where nothing is", () => {
    for (const text of ["", "notes", "Заметки о ключах", "%PDF-1.4\n", "\xff\xd8\xff\xe0"]) {
      expect(readKeyFile(Buffer.from(text, "latin1"))).toBeNull();
      expect(readKeyFile(text)).toBeNull();
    }
  });
});

describe("a file is refused", () => {
  it.each([
    ["for a certificate that is cut off in binary", async () => (await binary(CURVE)).subarray(0, 300), "unreadable"],
    [
      "for a message behind a certificate",
      async () => concat(await binary(CURVE), Uint8Array.of(0xcb, 1, 0x62)),
      "unreadable",
    ],
    [
      "for GnuPG's own key ring",
      async () => Buffer.from(`\0\0\0\x20\x01\x01\0\0KBXf${"\0".repeat(20)}`, "latin1"),
      "unreadable",
    ],
    ["for a key of version 3", async () => Uint8Array.of(0x99, 0, 9, 3, 0, 0, 0, 0, 0, 0, 1, 0), "unsupported"],
    ["for a key of version 5", async () => Uint8Array.of(0xc6, 10, 5, 0, 0, 0, 0, 22, 0, 0, 0, 0), "unsupported"],
    ["for an algorithm of the future", async () => Uint8Array.of(0xc6, 8, 4, 0, 0, 0, 0, 99, 1, 2), "unsupported"],
    ["for more bytes than certificates have", async () => new Uint8Array(MAX_CERTIFICATE_FILE_BYTES + 1), "too_large"],
    [
      "for more packets than certificates have",
      async () =>
        concat(
          await binary(CURVE),
          new Uint8Array(120_000).fill(0xcc).map((byte, index) => (index % 2 === 0 ? byte : 0)),
        ),
      "too_large",
    ],
  ])("%s", async (_why, contents, code) => {
    expect(await codeOf(async () => readCertificates(await contents()))).toBe(code);
  });

  it("with as many bytes as are read, and no more", () => {
    expect(readKeyFile(new Uint8Array(MAX_CERTIFICATE_FILE_BYTES))).toBeNull();
  });

  it("in linear time, however many blocks begin in it", async () => {
    const begins = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n".repeat(200_000);
    expect(await codeOf(async () => readKeyFile(begins))).toBe("unreadable");
    expect(await codeOf(async () => readKeyFile(`${begins}-----END PGP PUBLIC KEY BLOCK-----`))).toBe("unreadable");
  });
});

describe("a secret key is noticed", async () => {
  const secret = await secretBytes();
  const other = await secretBytes(readText("keys/gpg-rsa3072.asc"));
  const modern = await secretBytes(readText("keys/rfc9580-a4.asc"));
  const certificate = await binary(CURVE);
  const subkey = secret.subarray(secretSubkeyAt(secret));
  const hidden: readonly (readonly [string, string | Uint8Array])[] = [
    ["armored", SECRET],
    ["in UTF-16", utf16(`\ufeff${SECRET}`)],
    ["in UTF-16 of the other byte order", utf16(SECRET, true)],
    ["in UTF-32", utf32(SECRET)],
    ["quoted in a mail", SECRET.replaceAll(/^/gm, "> ")],
    ["escaped in a signed text", SECRET.replaceAll(/^-/gm, "- -")],
    ["as an old PGP names it", SECRET.replaceAll("PRIVATE", "SECRET")],
    ["with its end cut off", SECRET.slice(0, 200)],
    ["in PEM", "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n"],
    ["of SSH", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n"],
    ["of RSA in PEM", "-----BEGIN RSA PRIVATE KEY-----\nMII=\n"],
    ["in binary", secret],
    ["in binary, and cut off", secret.subarray(0, 30)],
    ["of RSA, in binary", other],
    ["of version 6, in binary", modern],
    ["behind a certificate", concat(certificate, secret)],
    ["behind a certificate and trust packets", concat(certificate, Uint8Array.of(0xb0, 1, 0), other)],
    ["as a subkey alone behind a certificate", concat(certificate, subkey)],
    ["behind words", concat(utf8("здесь ключ\n"), secret)],
    ["inside an archive", concat(new Uint8Array(512), other, new Uint8Array(1024))],
    ["in base64 without armor", Buffer.from(secret).toString("base64")],
    [
      "in base64 in lines",
      (
        Buffer.from(other)
          .toString("base64")
          .match(/.{1,64}/g) ?? []
      ).join("\r\n"),
    ],
    ["in certificate's armor", SECRET.replaceAll("PRIVATE", "PUBLIC")],
    ["as GnuPG's agent stores it", "Created: 20260301T120000\nKey: (private-key (ecc (curve Ed25519)\n"],
    ["as GnuPG's agent stores it with a passphrase", "(21:protected-private-key(3:ecc(5:curve7:Ed25519)"],
    ["as GnuPG's agent stored it before", "(11:private-key(3:rsa(1:n257:"],
  ];

  it.each(hidden)("%s", async (_how, contents) => {
    const bytes = typeof contents === "string" ? utf8(contents) : contents;
    expect(holdsSecretKey(bytes)).toBe(true);
    expect(await codeOf(async () => readKeyFile(bytes))).toBe("secret_key");
  });

  it("and certificates, messages and random bytes are not taken for one", () => {
    for (const contents of [CURVE, NIST, readText("certificates/message.asc"), "about private keys: keep them", ""]) {
      expect(holdsSecretKey(utf8(contents))).toBe(false);
    }
    expect(holdsSecretKey(certificate)).toBe(false);
    const random = new Random("no secret key");
    for (let round = 0; round < 16; round += 1) expect(holdsSecretKey(random.bytes(MEBIBYTE))).toBe(false);
  });

  it(`and a certificate's random numbers are not taken for one, in base64 either ${WITH_SEED}`, () => {
    const random = new Random("certificates");
    for (let round = 0; round < 64; round += 1) {
      // A signature packet of 64 KiB: the certificate is whole packets, whatever their bytes are.
      const packet = concat(Uint8Array.of(0xc2, 0xff, 0, 1, 0, 0), random.bytes(65_536));
      expect(holdsSecretKey(utf8(Buffer.from(concat(certificate, packet)).toString("base64")))).toBe(false);
    }
  });
});

/** Where the first secret subkey packet begins: both of its headers have the length in one byte. */
function secretSubkeyAt(secret: Uint8Array): number {
  for (let at = 0; at < secret.length; at += 1) {
    if ((secret[at] === 0xc7 || secret[at] === 0x9c || secret[at] === 0x9d) && secret[at + 2] === 4) return at;
  }
  throw new Error("there is no secret subkey");
}
