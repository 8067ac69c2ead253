/** Makes every file of this folder anew, with new keys. Needs GnuPG 2.2 and sq 0.27. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { createMessage, encrypt, enums, generateKey, readKey, readPrivateKey, revokeKey } from "openpgp";
import { concat, utf8 } from "../support/bytes.js";
import { GnuPg, run } from "../support/gpg.js";
import type { AcceptedMessage, CertificateFile, RejectedMessage } from "./manifest.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const LETTER = "This is a letter that may be read by anybody.\n";
/** Long enough for GnuPG to write partial lengths. */
const LONG_LETTER = LETTER.repeat(400);
const VERSION_1 = 1;

/** RFC 9580 appendix A.4, a secret key for everybody: its certificate takes OCB and not GCM. */
const SAMPLE_KEY = `-----BEGIN PGP PRIVATE KEY BLOCK-----

xUsGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laMAGXKB
exK+cH6NX1hs5hNhIB00TrJmosgv3mg1ditlsLfCsQYfGwoAAABCBYJjh3/jAwsJ
BwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce6
2azJBScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lwgyU2kCcUmKfvBXbAf6rh
RYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaEQsiPlR4zxP/TP7mhfVEe
7XWPxtnMUMtf15OyA51YBMdLBmOHf+MZAAAAIIaTJINn+eUBXbki+PSAld2nhJh/
LVmFsS+60WyvXkQ1AE1gCk95TUR3XFeibg/u/tVY6a//1q0NWC1X+yui3O24wpsG
GBsKAAAALAWCY4d/4wKbDCIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce6
2azJAAAAAAQBIKbpGG2dWTX8j+VjFM21J0hqWlEg+bdiojWnKfA5AQpWUWtnNwDE
M0g12vYxoWM8Y81W+bHBw805I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUr
k0mXubZvyl4GBg==
-----END PGP PRIVATE KEY BLOCK-----
`;

const accepted: AcceptedMessage[] = [];
const rejected: RejectedMessage[] = [];
const certificates: CertificateFile[] = [];

async function save(file: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(HERE, file)), { recursive: true });
  await writeFile(join(HERE, file), content);
}

async function accept(name: string, content: Uint8Array, about: Omit<AcceptedMessage, "file">): Promise<void> {
  const file = `accepted/${name}.pgp`;
  await save(file, content);
  accepted.push({ file, ...about });
}

async function reject(name: string, code: string, origin: string, content: Uint8Array): Promise<void> {
  const file = `rejected/${name}.pgp`;
  await save(file, content);
  rejected.push({ file, origin, code });
}

async function certificate(
  name: string,
  origin: string,
  content: string,
  code: string | null,
  aead: CertificateFile["aead"] = null,
): Promise<void> {
  const file = `certificates/${name}.asc`;
  await save(file, content);
  certificates.push({ file, origin, code, aead });
}

/** Runs sq, and fails unless it succeeds. */
async function sq(args: readonly string[], input?: Uint8Array): Promise<Buffer> {
  const { code, stdout, stderr } = await run("sq", args, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`sq ${args.join(" ")} failed with ${code}:\n${stderr}`);
  return stdout;
}

/** Whole packets of a message whose packets all have definite lengths in the new format. */
function packets(message: Uint8Array): { tag: number; header: Uint8Array; body: Uint8Array }[] {
  const found: { tag: number; header: Uint8Array; body: Uint8Array }[] = [];
  for (let offset = 0; offset < message.length; ) {
    const first = message[offset + 1] ?? 0;
    const view = new DataView(message.buffer, message.byteOffset);
    const width = first < 192 ? 1 : first < 224 ? 2 : 5;
    if (first >= 224 && first < 255) throw new Error("a partial length was not expected here");
    const length =
      width === 1
        ? first
        : width === 2
          ? ((first - 192) << 8) + (message[offset + 2] ?? 0) + 192
          : view.getUint32(offset + 2);
    const start = offset + 1 + width;
    found.push({
      tag: (message[offset] ?? 0) & 0x3f,
      header: message.subarray(offset, start),
      body: message.subarray(start, start + length),
    });
    offset = start + length;
  }
  return found;
}

/** A packet in the new format with a five-byte length. */
function packet(tag: number, body: Uint8Array): Uint8Array {
  const header = new Uint8Array(6);
  header[0] = 0xc0 | tag;
  header[1] = 0xff;
  new DataView(header.buffer).setUint32(2, body.length);
  return concat(header, body);
}

function patched(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[offset] = value;
  return copy;
}

async function openpgpMessage(
  armoredKeys: readonly string[],
  mode?: "gcm" | "ocb",
  content = LETTER,
): Promise<Uint8Array> {
  return encrypt({
    message: await createMessage({ binary: utf8(content), date: new Date(0) }),
    encryptionKeys: await Promise.all(armoredKeys.map((armoredKey) => readKey({ armoredKey }))),
    sessionKey: {
      data: crypto.getRandomValues(new Uint8Array(32)),
      algorithm: "aes256",
      ...(mode === undefined ? {} : { aeadAlgorithm: mode }),
    },
    wildcard: true,
    format: "binary",
    config: { preferredCompressionAlgorithm: enums.compression.uncompressed },
  });
}

async function makeAccepted(gpg: GnuPg): Promise<{ first: Uint8Array; modern: Uint8Array; fingerprint: string }> {
  const by = "GnuPG 2.2.40";
  const shown = { plaintext: LETTER, version: VERSION_1, recipients: 1, hidden: false } as const;
  const prints: string[] = [];
  for (const algorithm of ["rsa3072", "curve25519", "nistp256"] as const) {
    const fingerprint = await gpg.generate(algorithm);
    prints.push(fingerprint);
    const key = `keys/gpg-${algorithm}.asc`;
    await save(key, await gpg.exportSecret(fingerprint));
    const origin = `${by}: gpg --encrypt, ${algorithm}`;
    await accept(`gpg-${algorithm}`, await gpg.encrypt(utf8(LETTER), [fingerprint]), { ...shown, key, origin });
    await certificate(`gpg-${algorithm}`, `${by}, ${algorithm}`, await gpg.exportPublic(fingerprint), null);
  }
  const [, curve = ""] = prints;
  const key = "keys/gpg-curve25519.asc";
  await accept("gpg-hidden", await gpg.encrypt(utf8(LETTER), [curve], ["--throw-keyids"]), {
    ...shown,
    key,
    hidden: true,
    origin: `${by}: gpg --encrypt --throw-keyids`,
  });
  await accept("gpg-three-recipients", await gpg.encrypt(utf8(LETTER), prints), {
    ...shown,
    key,
    recipients: 3,
    origin: `${by}: gpg --encrypt to three keys`,
  });
  await accept("gpg-partial-lengths", await gpg.encrypt(utf8(LONG_LETTER), [curve], ["--compress-algo", "none"]), {
    ...shown,
    key,
    plaintext: LONG_LETTER,
    origin: `${by}: gpg --encrypt --compress-algo none from standard input, in partial lengths`,
  });

  const sqKey = join(gpg.home, "sq.asc");
  await sq(["key", "generate", "--userid", "Test sq", "--expires", "never", "--export", sqKey]);
  await save("keys/sq-cv25519.asc", await readFile(sqKey));
  const sqCertificate = (await sq(["key", "extract-cert", sqKey])).toString();
  await certificate("sq-cv25519", "sq 0.27.0: sq key generate", sqCertificate, null);
  await writeFile(join(gpg.home, "sq-certificate.asc"), sqCertificate);
  const sqMessage = ["encrypt", "--binary", "--recipient-cert", join(gpg.home, "sq-certificate.asc")];
  await accept("sq", await sq(sqMessage, utf8(LETTER)), {
    ...shown,
    key: "keys/sq-cv25519.asc",
    origin: "sq 0.27.0: sq encrypt",
  });

  const modernKey = await generateKey({
    userIDs: [{ name: "Test openpgp.js" }],
    type: "curve25519",
    config: { v6Keys: true, aeadProtect: true },
  });
  await save("keys/openpgpjs-v6.asc", modernKey.privateKey);
  await certificate("openpgpjs-v6", "openpgp.js 6.3.2, version 6, AEAD", modernKey.publicKey, null, "gcm");
  await save("keys/rfc9580-a4.asc", SAMPLE_KEY);
  const sample = (await readPrivateKey({ armoredKey: SAMPLE_KEY })).toPublic().armor();
  await certificate("rfc9580-a3", "RFC 9580 appendix A.3", sample, null, "ocb");
  const hidden = { ...shown, hidden: true };
  const first = await openpgpMessage([await gpg.exportPublic(curve)]);
  await accept("openpgpjs-v1", first, { ...hidden, key, origin: "openpgp.js 6.3.2, SEIPD version 1" });
  await accept(
    "openpgpjs-v1-three",
    await openpgpMessage([await gpg.exportPublic(...prints.slice(0, 1)), await gpg.exportPublic(curve), sqCertificate]),
    {
      ...hidden,
      key,
      recipients: 3,
      origin: "openpgp.js 6.3.2, SEIPD version 1, three recipients",
    },
  );
  const modern = await openpgpMessage([modernKey.publicKey], "gcm");
  const v6 = { ...hidden, version: 2, key: "keys/openpgpjs-v6.asc" } as const;
  await accept("openpgpjs-v2-gcm", modern, { ...v6, origin: "openpgp.js 6.3.2, SEIPD version 2, AES-256-GCM" });
  const ocb = await openpgpMessage([modernKey.publicKey], "ocb");
  await accept("openpgpjs-v2-ocb", ocb, { ...v6, origin: "openpgp.js 6.3.2, SEIPD version 2, AES-256-OCB" });
  return { first, modern, fingerprint: curve };
}

async function makeRejected(gpg: GnuPg, first: Uint8Array, modern: Uint8Array, fingerprint: string): Promise<void> {
  const gnupg = "GnuPG 2.2.40";
  const letter = utf8(LETTER);
  const [session, data] = packets(first);
  const [session6, data2] = packets(modern);
  if (!session || !data || !session6 || !data2) throw new Error("openpgp.js wrote something other than two packets");
  const whole = ({ header, body }: { header: Uint8Array; body: Uint8Array }) => concat(header, body);
  const literal = packet(11, concat(utf8("b"), new Uint8Array(5), letter));

  await reject("empty", "empty", "no bytes at all", new Uint8Array(0));
  await reject("plain-text", "not_openpgp", "a letter that is not encrypted", letter);
  await reject(
    "jpeg",
    "not_encrypted",
    "the beginning of a JPEG file",
    new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1]),
  );
  await reject("zip", "not_openpgp", "the beginning of a ZIP file", utf8("PK\u0003\u0004"));
  await reject(
    "armored",
    "armored",
    `${gnupg}: gpg --armor --encrypt`,
    await gpg.encrypt(letter, [fingerprint], ["--armor"]),
  );
  await reject(
    "armor-then-plain-text",
    "armored",
    "an armor header line and then a letter",
    utf8(`-----BEGIN PGP MESSAGE-----\n\n${LETTER}`),
  );
  await reject(
    "signed-only",
    "not_encrypted",
    `${gnupg}: gpg --sign, uncompressed`,
    await gpg.gpg(["--compress-algo", "none", "--sign"], letter),
  );
  await reject(
    "signed-and-compressed",
    "not_encrypted",
    `${gnupg}: gpg --sign, of indeterminate length`,
    await gpg.gpg(["--sign"], letter),
  );
  await reject(
    "compressed",
    "not_encrypted",
    "a letter in a compressed packet",
    packet(8, concat(new Uint8Array([1]), deflateRawSync(literal))),
  );
  await reject(
    "literal",
    "not_encrypted",
    `${gnupg}: gpg --store`,
    await gpg.gpg(["--compress-algo", "none", "--store"], letter),
  );
  await reject("public-key", "not_encrypted", `${gnupg}: gpg --export`, await gpg.gpg(["--export", fingerprint]));
  await reject(
    "with-password",
    "password_encrypted",
    `${gnupg}: gpg --symmetric`,
    await gpg.gpg(["--passphrase", "test", "--symmetric"], letter),
  );
  const both = [
    "--passphrase",
    "test",
    "--symmetric",
    "--trust-model",
    "always",
    "--recipient",
    fingerprint,
    "--encrypt",
  ];
  await reject(
    "with-password-and-key",
    "password_encrypted",
    `${gnupg}: gpg --symmetric --encrypt`,
    await gpg.gpg(both, letter),
  );

  const from = "openpgp.js 6.3.2, then";
  await reject("trailing-byte", "trailing_data", `${from} one byte more`, concat(first, new Uint8Array(1)));
  await reject("trailing-literal", "trailing_data", `${from} a literal packet after it`, concat(first, literal));
  await reject("two-messages", "trailing_data", `${from} the same once more`, concat(first, first));
  await reject("two-seipd", "trailing_data", `${from} the encrypted data twice`, concat(first, whole(data)));
  await reject("truncated", "truncated", `${from} the last byte cut off`, first.subarray(0, -1));
  await reject(
    "truncated-header",
    "truncated",
    `${from} cut off inside the second packet's header`,
    first.subarray(0, whole(session).length + 1),
  );
  await reject("no-data", "truncated", `${from} without the encrypted data`, whole(session));
  await reject("no-session-key", "no_recipient", `${from} without the session key`, whole(data));
  await reject("literal-first", "not_encrypted", `${from} a literal packet before it`, concat(literal, first));
  await reject(
    "literal-between",
    "not_encrypted",
    `${from} a literal packet in its middle`,
    concat(whole(session), literal, whole(data)),
  );
  await reject(
    "marker-first",
    "not_encrypted",
    `${from} a marker packet before it`,
    concat(packet(10, utf8("PGP")), first),
  );
  await reject(
    "v3-key-with-v2-data",
    "malformed_packet",
    `${from} a version 3 session key with version 2 data`,
    concat(whole(session), whole(data2)),
  );
  await reject(
    "v6-key-with-v1-data",
    "malformed_packet",
    `${from} a version 6 session key with version 1 data`,
    concat(whole(session6), whole(data)),
  );
  await reject(
    "unknown-key-algorithm",
    "foreign_algorithm",
    `${from} key algorithm 99`,
    concat(packet(1, patched(session.body, 9, 99)), whole(data)),
  );
  await reject(
    "elgamal",
    "foreign_algorithm",
    `${from} key algorithm 16, ElGamal`,
    concat(packet(1, patched(session.body, 9, 16)), whole(data)),
  );
  await reject(
    "unknown-key-version",
    "unsupported",
    `${from} session key version 4`,
    concat(packet(1, patched(session.body, 0, 4)), whole(data)),
  );
  await reject(
    "unknown-data-version",
    "unsupported",
    `${from} encrypted data version 3`,
    concat(whole(session), packet(18, patched(data.body, 0, 3))),
  );
  await reject(
    "unknown-cipher",
    "unsupported",
    `${from} cipher 1, IDEA`,
    concat(whole(session6), packet(18, patched(data2.body, 1, 1))),
  );
  await reject(
    "session-key-with-more",
    "malformed_packet",
    `${from} text after the session key`,
    concat(packet(1, concat(session.body, letter)), whole(data)),
  );
  await reject(
    "session-key-too-long",
    "malformed_packet",
    `${from} a session key of 4097 bytes`,
    concat(packet(1, new Uint8Array(4097)), whole(data)),
  );
  await reject(
    "plain-text-as-data",
    "malformed_packet",
    `${from} encrypted data that is a few letters`,
    concat(whole(session), packet(18, utf8("\u0001a letter"))),
  );
  await reject(
    "without-integrity",
    "no_integrity",
    `${from} its data as a packet without integrity protection`,
    concat(whole(session), packet(9, data.body.subarray(1))),
  );
  await reject(
    "ocb-of-gnupg",
    "libre_aead",
    `${from} its data as the OCB packet of GnuPG 2.3`,
    concat(whole(session), packet(20, data.body)),
  );
  await reject(
    "indeterminate-length",
    "no_integrity",
    `${from} its data with an indeterminate length`,
    concat(whole(session), new Uint8Array([0x80 | (9 << 2) | 3]), data.body),
  );
  await reject(
    "short-first-portion",
    "malformed_packet",
    `${from} its data in portions of 256 bytes`,
    concat(whole(session), new Uint8Array([0xd2, 0xe8]), new Uint8Array(256).fill(1), new Uint8Array([0])),
  );
  await reject(
    "too-many-recipients",
    "too_many_recipients",
    `${from} its session key 65 times`,
    concat(...Array.from({ length: 65 }, () => whole(session)), whole(data)),
  );
}

/** A packet of a kind that has no place inside encrypted data, longer than any buffer on the way. */
class OddPacket {
  static readonly tag = enums.packet.symEncryptedIntegrityProtectedData;

  write(): Uint8Array {
    return concat(new Uint8Array([1]), new Uint8Array(20_000));
  }
}

/** Properly encrypted, with contents that are meant to harm who opens it. */
async function makeHostile(gpg: GnuPg, fingerprint: string): Promise<void> {
  const zeros = new Uint8Array(4 * 1024 * 1024);
  await save(
    "hostile/four-megabytes-of-zeros.pgp",
    await gpg.encrypt(zeros, [fingerprint], ["--compress-algo", "zlib"]),
  );
  const message = await createMessage({ binary: new Uint8Array(1) });
  message.packets.splice(0, 1, new OddPacket() as never);
  const encryptionKeys = await readKey({ armoredKey: await gpg.exportPublic(fingerprint) });
  const config = { preferredCompressionAlgorithm: enums.compression.uncompressed };
  await save("hostile/packet-out-of-place.pgp", await encrypt({ message, encryptionKeys, format: "binary", config }));
}

async function makeCertificates(gpg: GnuPg): Promise<void> {
  const gnupg = "GnuPG 2.2.40";
  const rsa2048 = await gpg.generate("rsa2048");
  await certificate("gpg-rsa2048", `${gnupg}, RSA with 2048 bits`, await gpg.exportPublic(rsa2048), "weak_algorithm");
  const dsa = await gpg.generate("dsa");
  await certificate("gpg-dsa-elgamal", `${gnupg}, DSA and ElGamal`, await gpg.exportPublic(dsa), "weak_algorithm");

  const bitcoin = await gpg.generate("secp256k1");
  await certificate(
    "gpg-secp256k1",
    `${gnupg}, the curve of Bitcoin`,
    await gpg.exportPublic(bitcoin),
    "weak_algorithm",
  );

  const js = "openpgp.js 6.3.2";
  const user = { userIDs: [{ name: "Test" }] };
  const signing = await generateKey({ ...user, subkeys: [{ sign: true }] });
  await certificate("sign-only", `${js}, no key for encryption`, signing.publicKey, "no_encryption_key");
  const old = await generateKey({ ...user, date: new Date("2020-01-01"), keyExpirationTime: 86_400 });
  await certificate("expired", `${js}, expired on 2020-01-02`, old.publicKey, "expired");
  const future = await generateKey({ ...user, date: new Date("2099-01-01") });
  await certificate("from-the-future", `${js}, begins in 2099`, future.publicKey, "not_yet_valid");
  const revoked = await generateKey(user);
  const { publicKey } = await revokeKey({ key: await readPrivateKey({ armoredKey: revoked.privateKey }) });
  await certificate("revoked", `${js}, revoked`, publicKey, "revoked");
  const good = await generateKey(user);
  await certificate("secret", `${js}, a secret key`, good.privateKey, "secret_key");
  const two = `${good.publicKey}\n${signing.privateKey}`;
  await certificate("public-then-secret", `${js}, a certificate and then another's secret key`, two, "secret_key");
  const disguised = good.privateKey.replaceAll("PRIVATE KEY BLOCK", "PUBLIC KEY BLOCK");
  await certificate("secret-in-disguise", `${js}, a secret key in a certificate's armor`, disguised, "secret_key");
  await certificate("garbage", "a letter that is no certificate", LETTER, "unreadable");
  const message = await gpg.gpg(["--armor", "--passphrase", "test", "--symmetric"], utf8(LETTER));
  await certificate("message", `${gnupg}, an armored message`, message.toString(), "unreadable");
  const torn = good.publicKey.split("\n");
  torn.splice(3, 2);
  await certificate("torn", `${js}, lines missing from the armor`, torn.join("\n"), "unreadable");
}

for (const folder of ["keys", "accepted", "rejected", "hostile", "certificates"]) {
  await rm(join(HERE, folder), { recursive: true, force: true });
  await mkdir(join(HERE, folder));
}
const gpg = await GnuPg.create();
try {
  const { first, modern, fingerprint } = await makeAccepted(gpg);
  await makeRejected(gpg, first, modern, fingerprint);
  await makeHostile(gpg, fingerprint);
  await makeCertificates(gpg);
} finally {
  await gpg.close();
}
await writeFile(join(HERE, "manifest.json"), `${JSON.stringify({ accepted, rejected, certificates }, null, 2)}\n`);
