import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enums, readKey, readPrivateKey } from "openpgp";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKeyPair, type KeyPair } from "../../../src/desk/index.js";
import { loadRecipients, RecipientsError } from "../../../src/server/recipients/index.js";
import { bind, Flags, make, packetsOf, revoke, subkeyOf } from "../../support/certificates.js";
import { run } from "../../support/gpg.js";
import { removeFolder } from "../../support/temporary.js";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A minute ahead: the keys are made after this line, and perhaps in a later second. */
const now = new Date(Date.now() + 60_000);
const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
const pair = (): Promise<KeyPair> =>
  createKeyPair({ profile: "gnupg", userId: { name: "test" }, passphrase: "", lifetime: 365 * 24 * 60 * 60 });

let folder: string;
let good: KeyPair;
let other: KeyPair;
beforeAll(async () => {
  [good, other] = await Promise.all([pair(), pair()]);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-keys-"));
});
afterEach(() => removeFolder(folder));

const at = (...names: readonly string[]) => join(folder, ...names);
const put = (name: string, contents: string | Uint8Array) => writeFile(at(name), contents);
const load = () => loadRecipients(folder, now);
const fingerprints = async () => (await load()).all.map(({ fingerprint }) => fingerprint);
const unused = async () => (await load()).unused.map(({ file, why }) => `${file}: ${why}`);

async function problems(): Promise<[file: string, code: string][]> {
  const error = await load().catch((cause: unknown) => cause);
  if (!(error instanceof RecipientsError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error.problems.map(({ file, code }) => [file.replaceAll(`${folder}/`, ""), code]);
}

describe("whatever lies in the keys folder", () => {
  it.each(["certificate", "a.txt", "ключ.key", ".hidden", "b.gpg", "README"])(
    "is read as a certificate if it holds one, under the name %s",
    async (name) => {
      await put(name, good.certificate);
      expect(await fingerprints()).toEqual([good.fingerprint]);
      expect(await unused()).toEqual([]);
    },
  );

  it("is read in binary, and in the encoding of PowerShell", async () => {
    await put("a.gpg", (await readKey({ armoredKey: good.certificate })).write());
    await put("b.txt", Buffer.from(`\ufeff${other.certificate.replaceAll("\n", "\r\n")}`, "utf16le"));
    expect(await fingerprints()).toEqual([good.fingerprint, other.fingerprint].sort());
  });

  it("is named if it holds nothing to encrypt to", async () => {
    await put("good.asc", good.certificate);
    await put("notes.txt", "whom to call");
    await put(".DS_Store", Buffer.from("0000000142756431", "hex"));
    await put("empty", "");
    await put("README.md", "what this folder is for");
    expect(await unused()).toEqual([
      ".DS_Store: it holds no certificate",
      "empty: it is empty",
      "notes.txt: it holds no certificate",
    ]);
    expect((await load()).warnings(now)).toHaveLength(3);
  });

  it("is refused if its name says that it is a key, and it is none", async () => {
    await put("good.asc", good.certificate);
    await put("second.gpg", "");
    await put("third.pub", "ssh-ed25519 AAAA someone");
    expect(await problems()).toEqual([
      ["second.gpg", "unreadable"],
      ["third.pub", "unreadable"],
    ]);
  });

  it("is merged where files hold versions of one certificate", async () => {
    const [main, subkey] = await Promise.all([make(inDays(-100), { subkeys: [{ sign: true }] }), make(inDays(-90))]);
    const binding = (days: number, lifetime: number) =>
      bind(main, subkey, { date: inDays(days), flags: [Flags.encrypt], keyLifetime: lifetime * 24 * 60 * 60 });
    const ended = packetsOf(main, subkeyOf(subkey), await binding(-80, 20));
    const renewed = packetsOf(main, subkeyOf(subkey), await binding(-70, 300));
    await put("old.asc", ended);
    expect(await problems()).toEqual([["old.asc", "expired"]]);
    await put("new.asc", renewed);
    expect(await fingerprints()).toEqual([main.secret.getFingerprint().toUpperCase()]);
    await put("revocation.asc", await revoke(main, { date: inDays(-1), reason: enums.reasonForRevocation.keyRetired }));
    expect(await problems()).toEqual([["new.asc, old.asc", "revoked"]]);
  });

  it("is a revocation of a key that is not there: named", async () => {
    await put("good.asc", good.certificate);
    await put("revocation.asc", other.revocationCertificate);
    expect(await unused()).toEqual(["revocation.asc: it revokes a key that is not here"]);
    await put("other.asc", other.certificate);
    expect(await problems()).toEqual([["other.asc", "revoked"]]);
  });

  it("is not used from a folder inside, but named, and searched for secret keys", async () => {
    await mkdir(at("old", "older"), { recursive: true });
    await put("good.asc", good.certificate);
    await put("old/other.asc", other.certificate);
    await put("old/older/damaged.asc", other.certificate.slice(0, 300));
    expect(await fingerprints()).toEqual([good.fingerprint]);
    expect(await unused()).toEqual([
      "old/other.asc: it lies in a folder inside",
      "old/older/damaged.asc: this file holds a certificate whose end is missing",
    ]);
    await put("old/older/backup", (await readPrivateKey({ armoredKey: other.secretKey })).write());
    expect(await problems()).toEqual([["old/older/backup", "secret_key"]]);
  });

  it("is read as Kubernetes mounts it, each file once", async () => {
    await mkdir(at("..2026_03_01"));
    await put("..2026_03_01/good.asc", good.certificate);
    await symlink("..2026_03_01", at("..data"));
    await symlink("..data/good.asc", at("good.asc"));
    expect(await fingerprints()).toEqual([good.fingerprint]);
    expect(await unused()).toEqual([]);
    await put("..2026_03_01/secret.asc", good.secretKey);
    expect(await problems()).toEqual([["..2026_03_01/secret.asc", "secret_key"]]);
  });

  it("ends, however links lead: to themselves, around, nowhere, or to a folder elsewhere", async () => {
    await put("good.asc", good.certificate);
    await symlink(".", at("loop"));
    await mkdir(at("a"));
    await symlink("../a", at("a", "again"));
    expect(await fingerprints()).toEqual([good.fingerprint]);
    await symlink("self", at("self"));
    await symlink("missing.asc", at("gone.asc"));
    await symlink("/", at("root"));
    expect(await problems()).toEqual([
      ["gone.asc", "unreadable"],
      ["root", "unreadable"],
      ["self", "unreadable"],
    ]);
  });

  it("is never waited for", async () => {
    await put("good.asc", good.certificate);
    execFileSync("mkfifo", [at("pipe.asc")]);
    expect(await problems()).toEqual([["pipe.asc", "unreadable"]]);
  });

  it("is refused in thousands", async () => {
    await put("good.asc", good.certificate);
    for (let index = 0; index < 1_000; index += 1) await put(`${index}`, "x");
    expect(await problems()).toEqual([[folder, "too_large"]]);
  });

  it("is no folder at all: said so", async () => {
    await put("file", "");
    const error = await loadRecipients(at("file"), now).catch((cause: unknown) => cause);
    expect(String(error)).toContain("this is a file, and a folder is expected");
  });

  // Root reads everything: another user has to try.
  it.runIf(process.geteuid?.() === 0)("is named with its owner and mode where it may not be read", async () => {
    await put("good.asc", good.certificate);
    await put("other.asc", other.certificate);
    await chmod(at("other.asc"), 0o600);
    await chmod(folder, 0o755);
    const program = `
      process.setgid(65534); process.setuid(65534);
      const { loadRecipients } = await import(${JSON.stringify(new URL("../../../dist/server/recipients/index.js", import.meta.url).href)});
      await loadRecipients(${JSON.stringify(folder)}, new Date()).catch((cause) => process.stdout.write(cause.message));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
    expect(stdout.toString()).toMatch(
      /other\.asc: user 65534 may not read this file: it belongs to user 0 and has mode 0600; let the portal's user read it/,
    );
    await chown(at("other.asc"), 65534, 65534);
    expect((await run(process.execPath, ["--input-type=module", "-e", program])).stdout.toString()).toBe("");
  });
});

describe("a recipient whose subkeys leave a gap", () => {
  it("is warned of with both dates, refused during it, and used again after it", async () => {
    const [main, first, next] = await Promise.all([
      make(inDays(-100), { subkeys: [{ sign: true }] }),
      make(inDays(-90)),
      make(inDays(3)),
    ]);
    const options = { date: inDays(-80), flags: [Flags.encrypt] };
    await put(
      "a.asc",
      packetsOf(
        main,
        subkeyOf(first),
        await bind(main, first, { ...options, keyLifetime: 92 * 24 * 60 * 60 }),
        subkeyOf(next),
        await bind(main, next, { ...options, date: inDays(3) }),
      ),
    );
    const recipients = await load();
    const minute = (date: Date) => date.toISOString().slice(0, 16).replace("T", " ");
    const words = `from ${minute(inDays(2))} UTC until ${minute(inDays(3))} UTC`;
    expect(recipients.warnings(now)).toEqual([expect.stringContaining(words)]);
    expect(recipients.at(inDays(1))).toHaveLength(1);
    expect(() => recipients.at(inDays(2.5))).toThrow(/next encryption subkey begins/);
    expect(recipients.at(inDays(3.1))).toHaveLength(1);
    expect(recipients.warnings(inDays(3.1))).toEqual([]);
  });

  it("is judged no earlier than at its start: a clock that is set back changes nothing", async () => {
    await put("good.asc", good.certificate);
    expect((await load()).at(inDays(-400))).toHaveLength(1);
  });
});
