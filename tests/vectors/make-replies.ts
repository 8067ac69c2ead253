/** Makes replies/ and replies.json anew. Needs GnuPG 2.2. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { encryptReply } from "../../src/openpgp/index.js";
import { collect, concat, streamOf, utf8 } from "../support/bytes.js";
import { GnuPg } from "../support/gpg.js";
import { file, folder, rawArchive } from "../support/ustar.js";
import type { RejectedMessage, ReplyVectors } from "./manifest.js";

const HERE = dirname(fileURLToPath(import.meta.url));
/** For everybody to know: it opens these files and nothing else. */
const KEY = "hweike4pf3kg6fdpojw7bspo4wkucym53fu4bsyz2zptrnfip4iq";
const TEXT = "This is an answer that may be read by anybody.\n";
const DOCUMENT = "a document\n";
/** As a person makes it by hand: without a record and without padding. */
const ARCHIVE = rawArchive([
  folder("reply/"),
  file("reply/reply.txt", TEXT),
  folder("reply/files/"),
  file("reply/files/01-answer.txt", DOCUMENT),
]);

const accepted: { file: string; origin: string }[] = [];
const rejected: RejectedMessage[] = [];

async function accept(name: string, origin: string, content: Uint8Array): Promise<Uint8Array> {
  await writeFile(join(HERE, `replies/${name}.pgp`), content);
  accepted.push({ file: `replies/${name}.pgp`, origin });
  return content;
}

async function reject(name: string, code: string, origin: string, content: Uint8Array): Promise<void> {
  await writeFile(join(HERE, `replies/not-${name}.pgp`), content);
  rejected.push({ file: `replies/not-${name}.pgp`, origin, code });
}

function patched(bytes: Uint8Array, ...changes: readonly (readonly [offset: number, value: number])[]): Uint8Array {
  // A Buffer's slice would be the same bytes.
  const copy = concat(bytes);
  for (const [offset, value] of changes) copy[offset] = value;
  return copy;
}

async function make(gpg: GnuPg): Promise<void> {
  const by = "GnuPG 2.2.40: gpg";
  const symmetric = (extra: readonly string[], input: Uint8Array = ARCHIVE) =>
    gpg.gpg(["--passphrase", KEY, "--symmetric", ...extra], input);
  const plain = ["--cipher-algo", "AES256", "--compress-algo", "none"];
  await accept("gpg", `${by} --symmetric`, await symmetric([]));
  const guide = await accept(
    "gpg-as-the-guide-says",
    `${by} --rfc4880 --cipher-algo AES256 --compress-algo none --symmetric`,
    await symmetric(["--rfc4880", ...plain]),
  );
  await accept("gpg-aes128", `${by} --cipher-algo AES128 --symmetric`, await symmetric(["--cipher-algo", "AES128"]));
  await accept("gpg-sha512", `${by} --s2k-digest-algo SHA512`, await symmetric(["--s2k-digest-algo", "SHA512"]));
  await writeFile(join(gpg.home, "reply.tar"), ARCHIVE);
  const output = ["--output", join(gpg.home, "reply.gpg")];
  await gpg.gpg(["--passphrase", KEY, ...plain, ...output, "--symmetric", join(gpg.home, "reply.tar")]);
  const { stdout } = await gpg.shell("cat reply.gpg", gpg.home);
  await accept("gpg-definite-lengths", `${by} --symmetric, from a file, in definite lengths`, stdout);
  const ours = await accept("postern", "encryptReply", await collect(await encryptReply(streamOf(ARCHIVE), KEY)));

  // The first packet: 0x8c and 13 bytes from gpg, 0xc3 and 46 from us.
  const [password, data] = [guide.subarray(0, 15), guide.subarray(15)];
  const [session, ourData] = [ours.subarray(0, 48), ours.subarray(48)];
  if (password[0] !== 0x8c || password[1] !== 13 || session[0] !== 0xc3 || session[1] !== 46) {
    throw new Error("a session key packet is not what it was");
  }
  await reject("empty", "empty", "no bytes at all", new Uint8Array(0));
  await reject("plain-text", "not_openpgp", "a text", utf8(TEXT));
  await reject("an-archive", "not_openpgp", "the archive, unencrypted", ARCHIVE);
  await reject("armored", "armored", `${by} --armor --symmetric`, await symmetric(["--armor"]));
  const literal = await gpg.gpg(["--compress-algo", "none", "--store"], utf8(TEXT));
  await reject("literal", "not_encrypted", `${by} --store`, literal);
  const fingerprint = await gpg.generate("curve25519");
  const to = ["--trust-model", "always", "--recipient", fingerprint, "--encrypt"];
  await reject("to-a-recipient", "not_password_encrypted", `${by} --encrypt`, await gpg.gpg(to, ARCHIVE));
  const both = await symmetric(to);
  await reject("to-a-recipient-too", "not_password_encrypted", `${by} --symmetric --encrypt`, both);
  await reject("recipient-second", "not_password_encrypted", "a PKESK after the SKESK", concat(password, both));
  await reject("two-passwords", "too_many_passwords", "its SKESK twice", concat(password, password, data));
  await reject("no-password", "no_password", "without its SKESK", data);
  await reject("no-data", "truncated", "without its data", password);
  await reject("truncated", "truncated", "without its last byte", guide.subarray(0, -1));
  await reject("trailing-byte", "trailing_data", "one byte more", concat(guide, new Uint8Array(1)));
  await reject("two-messages", "trailing_data", "the same once more", concat(guide, guide));
  await reject("literal-first", "not_encrypted", "a literal packet before it", concat(literal, guide));
  await reject("literal-between", "not_encrypted", "a literal in its middle", concat(password, literal, data));
  await reject("version-5", "unsupported", "SKESK version 5", patched(guide, [2, 5]));
  await reject("cipher-1", "unsupported", "cipher 1, IDEA", patched(guide, [3, 1]));
  await reject("simple-s2k", "unsupported", "S2K 0, simple", patched(guide, [4, 0]));
  await reject("salted-s2k", "unsupported", "S2K 1, salted", patched(guide, [4, 1]));
  await reject("argon2", "unsupported", "S2K 4, Argon2", patched(guide, [4, 4]));
  await reject("md5", "unsupported", "S2K with MD5", patched(guide, [5, 1]));
  await reject("short-password", "malformed_packet", "SKESK of 12 bytes", concat(shortened(password, 12), data));
  await reject(
    "text-after-password",
    "malformed_packet",
    "text after the SKESK's count",
    concat(new Uint8Array([0x8c, 13 + TEXT.length]), password.subarray(2), utf8(TEXT), data),
  );
  await reject("short-session-key", "malformed_packet", "one byte less", concat(shortened(session, 45), ourData));
  await reject("data-version-2", "malformed_packet", "SEIPD version 2", asVersion2(password));
  await reject("gnupg-ocb", "libre_aead", "data as GnuPG's OCB packet", concat(password, patched(data, [0, 0xd4])));
  await reject("without-integrity", "no_integrity", "data without integrity", concat(password, patched(data, [0, 0xc9])));
}

/** A packet with a length of one byte, cut to `length` bytes of body. */
function shortened(packet: Uint8Array, length: number): Uint8Array {
  return patched(packet.subarray(0, 2 + length), [1, length]);
}

function asVersion2(password: Uint8Array): Uint8Array {
  const body = new Uint8Array(100);
  body.set([2, 9, 3, 12]);
  return concat(password, new Uint8Array([0xd2, body.length]), body);
}

await rm(join(HERE, "replies"), { recursive: true, force: true });
await mkdir(join(HERE, "replies"));
const gpg = await GnuPg.create();
try {
  await make(gpg);
} finally {
  await gpg.close();
}
const vectors: ReplyVectors = { key: KEY, text: TEXT, document: DOCUMENT, accepted, rejected };
await writeFile(join(HERE, "replies.json"), `${JSON.stringify(vectors, null, 2)}\n`);
