import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { generateKey, type KeyOptions, readKey, reformatKey, revokeKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as whole from "../../src/openpgp/index.js";
import { collect, streamOf, utf8 } from "../support/bytes.js";
import { shareOf } from "../support/length.js";
import { removeFolder } from "../support/temporary.js";
import { readManifest, readReplyVectors, readText, readVector } from "../vectors/manifest.js";

type OpenPgp = typeof whole;

interface Scripts {
  readonly openpgpFor: (options: { readonly chunks: readonly string[]; readonly submitters: boolean }) => Plugin;
  readonly UNUSED_CHUNKS: readonly string[];
  readonly RARE_CHUNKS: readonly string[];
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NOW = new Date("2026-03-01T12:00:00Z");
const LATER = new Date("2040-01-01");
const YEAR = 365 * 86_400;

let folder: string;
let usual: OpenPgp;
let rare: OpenPgp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-openpgp-"));
  const scripts = (await import(new URL("../../scripts/client-openpgp.mjs", import.meta.url).href)) as Scripts;
  const load = async (name: string, chunks: readonly string[]) => {
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: ["src/openpgp/index.ts"],
      bundle: true,
      write: false,
      platform: "browser",
      format: "esm",
      plugins: [scripts.openpgpFor({ chunks, submitters: true })],
    });
    const path = join(folder, `${name}.mjs`);
    await writeFile(path, outputFiles[0]?.contents ?? "");
    return (await import(pathToFileURL(path).href)) as OpenPgp;
  };
  usual = await load("usual", [...scripts.UNUSED_CHUNKS, ...scripts.RARE_CHUNKS]);
  rare = await load("rare", scripts.UNUSED_CHUNKS);
});
afterAll(() => removeFolder(folder));

/** What is made of a file of certificates: their fingerprints and expiries, or that one is refused, for any reason. */
async function judge(openpgp: OpenPgp, armored: string, date: Date): Promise<unknown> {
  try {
    const judged: unknown[] = [];
    for (const certificate of await openpgp.readCertificates(armored)) {
      const { fingerprint, expires, aead } = await openpgp.checkRecipient(certificate, date);
      judged.push({ fingerprint, expires, aead });
    }
    return judged;
  } catch (cause) {
    return cause instanceof Error && "code" in cause ? "refused" : cause;
  }
}

async function certificate(options: Partial<KeyOptions>): Promise<string> {
  const { publicKey } = await generateKey({ userIDs: [{ name: "x" }], date: NOW, ...options, format: "armored" });
  return publicKey;
}

async function revoked(): Promise<string> {
  const made = await generateKey({ userIDs: [{ name: "x" }], date: NOW, format: "object" });
  const { publicKey } = await revokeKey({
    key: made.privateKey,
    date: new Date(NOW.getTime() + 1000),
    format: "object",
  });
  return publicKey.armor();
}

async function withRevokedSubkey(): Promise<string> {
  const { privateKey } = await generateKey({ userIDs: [{ name: "x" }], date: NOW, format: "object" });
  const [subkey] = privateKey.subkeys;
  if (subkey === undefined) throw new Error("this key has no subkey");
  privateKey.subkeys[0] = await subkey.revoke(privateKey.keyPacket as never, undefined, NOW);
  return privateKey.toPublic().armor();
}

async function reformatted(): Promise<string> {
  const { privateKey } = await generateKey({ userIDs: [{ name: "x" }], date: NOW, format: "object" });
  const userIDs = [{ name: "y" }, { name: "z" }];
  const made = await reformatKey({ privateKey, userIDs, keyExpirationTime: YEAR, date: NOW, format: "object" });
  return (await readKey({ binaryKey: made.publicKey.write() })).armor();
}

const MADE: readonly (readonly [string, () => Promise<string>])[] = [
  ["curve25519", () => certificate({ type: "curve25519" })],
  ["curve25519 of version 6", () => certificate({ type: "curve25519", config: { v6Keys: true, aeadProtect: true } })],
  ["the older curve25519", () => certificate({ type: "ecc", curve: "curve25519Legacy" })],
  ["P-256", () => certificate({ type: "ecc", curve: "nistP256" })],
  ["P-384", () => certificate({ type: "ecc", curve: "nistP384" })],
  ["P-521", () => certificate({ type: "ecc", curve: "nistP521" })],
  ["RSA", () => certificate({ type: "rsa", rsaBits: 3072 })],
  ["one that expires", () => certificate({ keyExpirationTime: YEAR })],
  ["one that has been reformatted", reformatted],
  ["one that is revoked", revoked],
  ["one whose subkey is revoked", withRevokedSubkey],
];

describe("openpgp.js without what submitters do not need", () => {
  it.each(shareOf(readManifest().certificates, 4))("judges $file as the whole library does", async ({ file }) => {
    const armored = readText(file);
    for (const date of [NOW, LATER]) {
      const expected = await judge(whole, armored, date);
      expect(await judge(usual, armored, date)).toEqual(expected);
      expect(await judge(rare, armored, date)).toEqual(expected);
    }
  });

  it.each(shareOf(MADE, 3))("judges %s as the whole library does", async (_what, make) => {
    const armored = await make();
    for (const date of [NOW, new Date("2026-04-01"), LATER]) {
      const expected = await judge(whole, armored, date);
      expect(await judge(usual, armored, date)).toEqual(expected);
      expect(await judge(rare, armored, date)).toEqual(expected);
    }
  });

  it.each(shareOf(MADE.slice(0, 9), 3))("encrypts to %s what the whole library decrypts", async (_what, make) => {
    const { privateKey } = await generateKey({ userIDs: [{ name: "x" }], date: NOW, format: "object" });
    for (const openpgp of [usual, rare]) {
      const texts = [await make(), privateKey.toPublic().armor()];
      const recipients: whole.Recipient[] = [];
      for (const text of texts) {
        for (const each of await openpgp.readCertificates(text))
          recipients.push(await openpgp.checkRecipient(each, NOW));
      }
      const message = await collect(await openpgp.encryptMessage(streamOf(utf8("письмо")), recipients, NOW));
      const report = await whole.inspectMessage(streamOf(message));
      expect(report.recipients).toHaveLength(2);
      const opened = await whole.decryptMessage(streamOf(message), [privateKey], message.length);
      expect(Buffer.from(await collect(opened)).toString()).toBe("письмо");
    }
  });

  it.each(readReplyVectors().accepted)("opens $file", async ({ file }) => {
    const { key, text } = readReplyVectors();
    for (const openpgp of [usual, rare]) {
      expect((await openpgp.openReply(streamOf(readVector(file)), key)).text).toBe(text);
    }
  });

  it.each(shareOf(readReplyVectors().rejected, 3))("refuses $file as the whole library does", async ({ file }) => {
    const { key } = readReplyVectors();
    for (const openpgp of [usual, rare]) {
      await expect(openpgp.openReply(streamOf(readVector(file)), key)).rejects.toThrow();
    }
  });

  it("encrypts to the rare curves where a recipient has them, and not without", async () => {
    const armored = await certificate({ type: "curve448" });
    expect(await judge(rare, armored, NOW)).toEqual(await judge(whole, armored, NOW));
    expect(await judge(usual, armored, NOW)).toBe("refused");
  });
});
