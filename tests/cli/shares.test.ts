import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPrivateKey } from "openpgp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeyPair } from "../../src/desk/index.js";
import { postern } from "../support/command.js";
import { GnuPg } from "../support/gpg.js";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import { program } from "../support/program.js";
import { lockedBy } from "../support/secret-keys.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const SCRIPT = fileURLToPath(new URL("../../docs/join-shares.py", import.meta.url));

let cwd: string;
const inside = (...path: readonly string[]) => join(cwd, ...path);
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-shares-"));
  await writeFile(inside("passphrase"), "correct horse\n");
});
afterEach(() => removeFolder(cwd));

const split = (...words: readonly string[]) =>
  postern(["keys", "split", "key.asc", "--passphrase-file", "passphrase", ...words], { cwd });
const shareFiles = async () =>
  (await readdir(inside("postern-shares")))
    .filter((name) => name.includes("-share-"))
    .map((name) => `postern-shares/${name}`);

async function makeKey(profile: "gnupg" | "rfc9580") {
  const pair = await createKeyPair({ profile, userId: { name: "Staff" }, passphrase: "", lifetime: 1e6 });
  const key = await readPrivateKey({ armoredKey: pair.secretKey });
  const secretKey = (await lockedBy(key, "correct horse", profile === "rfc9580")).armor();
  await writeFile(inside("key.asc"), secretKey);
  return { ...pair, secretKey };
}

describe("postern keys split and join", () => {
  it.each(["gnupg", "rfc9580"] as const)(
    "lock a key of profile %s anew, and give its passphrase back",
    async (profile) => {
      const pair = await makeKey(profile);
      const before = await readFile(inside("key.asc"), "utf8");
      const done = await split();
      expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("key     postern-shares/key-shared.asc") });
      const pages = await shareFiles();
      expect(pages).toHaveLength(5);
      for (const each of [...pages, "postern-shares/key-shared.asc"]) {
        expect((await stat(inside(each))).mode & 0o777, each).toBe(0o600);
      }
      expect(await readFile(inside("key.asc"), "utf8")).toBe(before);
      const joined = await postern(["keys", "join", ...pages.slice(2), "--out", "joined"], { cwd });
      expect(joined).toMatchObject({ code: 0, stdout: "", stderr: "" });
      await writeFile(inside("letter.gpg"), await submissionMessage(await recipientOf(pair)));
      const open = (passphrase: string, out: string) =>
        postern(
          [
            "open",
            "letter.gpg",
            "--key",
            "postern-shares/key-shared.asc",
            "--passphrase-file",
            passphrase,
            "--out",
            out,
          ],
          { cwd },
        );
      expect(await open("joined", "cases")).toMatchObject({ code: 0 });
      expect(await open("passphrase", "none")).toMatchObject({ code: 1 });
    },
  );

  it("give the passphrase from what is typed, too, and name the file and the word that are wrong", async () => {
    await makeKey("gnupg");
    await split("--shares", "3", "--need", "2");
    const [first = "", second = ""] = await shareFiles();
    const wordsOf = async (path: string) =>
      /<pre id="words">([^<]*)</.exec(await readFile(inside(path), "utf8"))?.[1]?.split(" ") ?? [];
    const [left, right] = [await wordsOf(first), await wordsOf(second)];
    expect(left).toHaveLength(23);
    const joined = (await postern(["keys", "join", first, second], { cwd })).stdout;
    expect(joined).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}\n$/);
    const typed = `${left.join(" ").toUpperCase()}\n${right.map((word, index) => `${index + 1}.${word}`).join(" ")}\n`;
    const piped = (program: string, args: readonly string[]) =>
      execFileSync(program, args, { cwd, input: typed, encoding: "utf8" });
    expect(piped(process.execPath, [await program(), "keys", "join"])).toBe(joined);
    if (requireTools("join-shares.py", "python3")) expect(piped("python3", [SCRIPT])).toBe(joined);
    await writeFile(inside("wrong.txt"), left.with(11, "xcademic").join("\n"));
    expect(await postern(["keys", "join", "wrong.txt", second], { cwd })).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("wrong.txt: word 12 is not in the list; did you mean academic?"),
    });
    expect(await postern(["keys", "join", first], { cwd })).toMatchObject({ code: 1, stdout: "" });
  });

  it("write nothing with a wrong passphrase, for a certificate, or where files are", async () => {
    const pair = await makeKey("gnupg");
    await writeFile(inside("passphrase"), "wrong\n");
    expect(await split()).toMatchObject({ code: 1, stdout: "" });
    await writeFile(inside("passphrase"), "correct horse\n");
    await writeFile(inside("key.asc"), pair.certificate);
    expect(await split()).toMatchObject({ code: 1, stdout: "" });
    await expect(stat(inside("postern-shares"))).rejects.toThrow();
    await writeFile(inside("key.asc"), pair.secretKey);
    expect(await split()).toMatchObject({ code: 0 });
    const before = await Promise.all((await shareFiles()).map((each) => readFile(inside(each), "utf8")));
    expect(await split()).toMatchObject({ code: 1, stderr: expect.stringContaining("already exists") });
    expect(await Promise.all((await shareFiles()).map((each) => readFile(inside(each), "utf8")))).toEqual(before);
    expect(await split("--shares", "2", "--need", "3")).toMatchObject({ code: 1 });
  });

  it("split a passphrase that keys join gave again, without a key", async () => {
    await writeFile(inside("key.asc"), "0123-4567-89ab-cdef-0123-4567-89ab-cdef\n");
    expect(await split()).toMatchObject({ code: 0 });
    expect(await readdir(inside("postern-shares"))).toHaveLength(5);
    const joined = await postern(["keys", "join", ...(await shareFiles()).slice(0, 3)], { cwd });
    expect(joined.stdout).toBe("0123-4567-89ab-cdef-0123-4567-89ab-cdef\n");
  });

  it.runIf(requireTools("a split key in GnuPG", "gpg"))(
    "make a key that GnuPG opens with the joined passphrase",
    async () => {
      const pair = await makeKey("gnupg");
      await split();
      await postern(["keys", "join", ...(await shareFiles()).slice(0, 3), "--out", "joined"], { cwd });
      const gnupg = await GnuPg.create();
      try {
        const use = ["--passphrase-file", inside("joined")];
        await gnupg.gpg([...use, "--import", inside("postern-shares", "key-shared.asc")]);
        const message = Buffer.from(await submissionMessage(await recipientOf(pair)));
        expect((await gnupg.decrypt(message, use)).length).toBeGreaterThan(60_000);
      } finally {
        await gnupg.close();
      }
    },
  );
});

describe("postern keys ceremony", () => {
  it.each([
    ["en", "Share 7, envelope ____", "Any 4 of 7 papers"],
    ["uk", "Частка 7, конверт ____", "будь-які 4 з 7 аркушів"],
  ])("prints the protocol in %s", async (language, receiver, rule) => {
    const words = ["keys", "ceremony", "--shares", "7", "--need", "4", "--language", language];
    const { code, stdout } = await postern(words, { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(receiver);
    expect(stdout.replace(/\s+/g, " ")).toContain(rule);
    expect(stdout).not.toMatch(/[{}…]/);
  });

  it("refuses numbers that cannot be", async () => {
    expect(await postern(["keys", "ceremony", "--shares", "3", "--need", "4"], { cwd })).toMatchObject({ code: 1 });
  });
});
