import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPrivateKey } from "openpgp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { barLine } from "../../src/cli/progress-bar.js";
import { createKeyPair, type KeyProfile, readKeyRing } from "../../src/desk/index.js";
import { openFileStore } from "../../src/store/index.js";
import { postern, servePortal } from "../support/command.js";
import { PRISONERS } from "../support/forms.js";
import { GnuPg } from "../support/gpg.js";
import { recipientOf } from "../support/keys.js";
import { shareOf } from "../support/length.js";
import { encryptedSubmission, submissionMessage } from "../support/message.js";
import { formOf } from "../support/portal.js";
import { BUILT, program } from "../support/program.js";
import { lockedBy } from "../support/secret-keys.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const MAIN = await program();

/** Of which the first line counts. */
const PASSPHRASES = "correct horse\nsecond line\n";

let cwd: string;
const inside = (...path: readonly string[]) => join(cwd, ...path);
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-cli-"));
  await writeFile(inside("passphrase"), PASSPHRASES);
});
afterEach(() => removeFolder(cwd));

/** A secret key for GnuPG whose passphrase is tried in a moment. */
async function quickKey(name: string, passphrase: string): Promise<string> {
  const { secretKey } = await createKeyPair({ profile: "gnupg", userId: { name }, passphrase: "", lifetime: 1e6 });
  return (await lockedBy(await readPrivateKey({ armoredKey: secretKey }), passphrase)).armor();
}

const newKey = (...words: readonly string[]) =>
  postern(["keys", "new", "--name", "Staff", "--passphrase-file", "passphrase", ...words], { cwd });

async function secretFile(): Promise<string> {
  const name = (await readdir(inside("postern-secret"))).find((file) => file.endsWith("-secret.asc"));
  return inside("postern-secret", name ?? "");
}

describe("postern", () => {
  it.each([
    [[], 2],
    [["no-such-command"], 2],
    [["serve", "--no-such-option"], 2],
    [["keys", "new"], 2],
    [["keys", "new", "--name", "  "], 2],
    [["keys", "new", "--name", "x", "--profile", "pgp2"], 2],
    [["open"], 2],
    [["open", "x"], 2],
    [["--help"], 0],
    [["keys", "--help"], 0],
  ])("%j ends with %i", async (words, code) => {
    expect((await postern(words, { cwd })).code).toBe(code);
  });
});

describe("the configuration", () => {
  it("is refused with every fault at once, unknown settings among them", async () => {
    const env = {
      POSTERN_LISTEN: "nowhere",
      POSTERN_STORE: "ftp://x",
      POSTERN_MAX_SUBMISSION: "2 GB",
      POSTERN_MAX_FILES: "0",
      POSTERN_TYPO: "1",
    };
    const { code, stdout, stderr } = await postern(["serve"], { cwd, env });
    expect([code, stdout]).toEqual([2, ""]);
    for (const name of Object.keys(env)) expect(stderr).toContain(name);
  });

  it.each(
    shareOf(
      [
        ["POSTERN_LISTEN", "127.0.0.1:65536"],
        ["POSTERN_LISTEN", ":3000"],
        ["POSTERN_LISTEN", "unix:"],
        ["POSTERN_STORE", "file:"],
        ["POSTERN_STORE", "s3://"],
        ["POSTERN_STORE", "s3://UPPER"],
        ["POSTERN_STORE", "s3://bucket/../x"],
        ["POSTERN_STORE", "s3://bucket//x"],
        ["POSTERN_STORE", "s3://key:secret@bucket"],
        ["POSTERN_S3_ENDPOINT", "ftp://127.0.0.1"],
        ["POSTERN_S3_ENDPOINT", "https://without.a.bucket"],
        ["POSTERN_MAX_SUBMISSION", "3841MiB"],
        ["POSTERN_MAX_SUBMISSION", "1KiB"],
        ["POSTERN_MAX_FILES", "1000"],
        ["POSTERN_MAX_FILES", "many"],
        ["POSTERN_MIN_FREE", "-1"],
        ["POSTERN_ONION", "example.org"],
        ["POSTERN_ONION", "http://short.onion"],
      ],
      3,
    ),
  )("is refused for %s=%s", async (name, value) => {
    const { code, stderr } = await postern(["serve"], { cwd, env: { [name]: value } });
    expect(code).toBe(2);
    expect(stderr).toContain(`${name}: expected`.slice(0, name.length + 1));
  });

  it("is refused with every fault of the form, each in its place, before anything is opened", async () => {
    const env = { POSTERN_FORM: "form.json" };
    expect(await postern(["serve"], { cwd, env })).toEqual({
      code: 2,
      stdout: "",
      stderr: `postern: the form ${inside("form.json")} cannot be read\n`,
    });
    await writeFile(
      inside("form.json"),
      '{"id":"x","version":0,"questions":[{"id":"a","kind":"line","label":{"ru":"А"}}]}',
    );
    const { code, stderr } = await postern(["serve"], { cwd, env });
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toEqual([
      `postern: the form ${inside("form.json")} has faults:`,
      "postern: version: expected at least 1",
      "postern: questions[0].label.uk: expected text",
      "postern: questions[0].label.en: expected text",
    ]);
    expect(await readdir(cwd)).not.toContain("data");
  });

  it.each([
    ["keys/data", "keys"],
    ["data", "data/keys"],
  ])("is refused when keys and store lie inside one another: %s, %s", async (store, keys) => {
    const env = { POSTERN_STORE: `file:${store}`, POSTERN_KEYS: keys };
    const { code, stderr } = await postern(["serve"], { cwd, env });
    expect([code, stderr]).toEqual([2, expect.stringContaining("must not lie inside one another")]);
  });
});

describe("postern keys", () => {
  it("new writes the certificate to keys/, and the secret key and its revocation elsewhere, for their owner only", async () => {
    const { code, stdout } = await newKey();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fingerprint {2}([0-9A-F]{4} ){9}[0-9A-F]{4}$/m);
    const [certificate] = await readdir(inside("keys"));
    expect(await readFile(inside("keys", certificate ?? ""), "utf8")).toContain("BEGIN PGP PUBLIC KEY BLOCK");
    const secrets = await readdir(inside("postern-secret"));
    expect(secrets).toHaveLength(2);
    for (const name of secrets) {
      expect((await stat(inside("postern-secret", name))).mode & 0o777).toBe(0o600);
    }
    const secret = await readFile(await secretFile(), "utf8");
    expect(secret).toContain("BEGIN PGP PRIVATE KEY BLOCK");
  });

  it.each(shareOf(["keys", "keys/secret", "data/x/y", "data"], 2))(
    "new refuses to write a secret key into %s",
    async (folder) => {
      const { code, stderr } = await newKey("--secret", folder);
      expect([code, stderr]).toEqual([1, expect.stringContaining("a secret key must not be in")]);
      expect(await readdir(cwd)).toEqual(["passphrase"]);
    },
  );

  it.each(shareOf(["0y", "forever", "2", "-1d"], 2))("new refuses the lifetime %s", async (lifetime) => {
    const { code, stderr } = await newKey(`--expires=${lifetime}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("is not a lifetime")]);
  });

  it("new refuses to leave a secret key without a passphrase", async () => {
    await writeFile(inside("passphrase"), "\n");
    expect((await newKey()).code).toBe(1);
    const { code, stderr } = await postern(["keys", "new", "--name", "x"], { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining("give --passphrase-file")]);
    expect(await readdir(cwd)).toEqual(["passphrase"]);
  });

  it.each(
    shareOf(
      [
        ["abcdefghijk", 1],
        ["vm", 1],
        ["abcdeabcdeabcde", 1],
        ["abcdefghijkl", 0],
        ["шість слів", 1],
        ["шість випадкових слів", 0],
      ],
      2,
    ),
  )("new refuses a weak passphrase, and nothing is written: %s", async (passphrase, expected) => {
    await writeFile(inside("passphrase"), `${passphrase}\n`);
    const { code, stderr } = await newKey();
    expect(code, stderr).toBe(expected);
    if (expected === 0) return;
    expect(stderr).toContain("at least 12 characters");
    expect(await readdir(cwd)).toEqual(["passphrase"]);
  });

  it.runIf(requireTools("postern keys new offers words", "script"))(
    "new offers random words, which have to be typed once, and which open the key",
    async () => {
      const command = `${process.execPath} ${MAIN} keys new --name Staff`;
      const env = { PATH: process.env.PATH ?? "" };
      const child = spawn("script", ["-qec", command, "/dev/null"], { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
      let said = "";
      const words = () => /^ {4}((?:[a-z]+ ){6}[a-z]+)\r?$/m.exec(said)?.[1] ?? "";
      const questions = [
        ["random words: ", () => ""],
        ["the same again: ", words],
      ] as const;
      let asked = 0;
      for await (const chunk of child.stdout.setEncoding("utf8")) {
        said += chunk;
        const [question, answer] = questions[asked] ?? [];
        if (question === undefined || !said.endsWith(question)) continue;
        asked += 1;
        child.stdin.write(`${answer()}\r`);
      }
      expect(said).toContain("secret key");
      const { ring } = await readKeyRing([await secretFile()]);
      await ring.unlock(words());
      expect(await ring.keys()).toHaveLength(1);
    },
  );

  it("check says who can read submissions, and until when", async () => {
    await giveStaffKey(cwd, PASSPHRASES);
    await newKey("--profile", "rfc9580", "--expires", "20d");
    const { code, stdout, stderr } = await postern(["keys", "check"], { cwd });
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(stdout).toMatch(/expires \d{4}-\d\d-\d\d {2}gnupg$/m);
    expect(stdout).toMatch(/expires \d{4}-\d\d-\d\d {2}rfc9580$/m);
    expect(stderr).toContain("warning: certificate");
  });

  it("check and serve refuse the same folder, naming the file and the cure", async () => {
    await giveStaffKey(cwd, PASSPHRASES);
    await writeFile(inside("keys/x.asc"), "nonsense");
    for (const words of [["keys", "check"], ["serve"]]) {
      const { code, stdout, stderr } = await postern(words, { cwd });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`${inside("keys/x.asc")}: this file holds no armored certificate; export it again`);
    }
  });
});

const NOTE = "carry outbox back to the server: it lists what was opened\nall cases are in cases/index.html\n";

describe("postern serve and postern open", () => {
  it("ask the operator's questions and none of the usual ones", async () => {
    await giveStaffKey(cwd, PASSPHRASES);
    await writeFile(inside("form.json"), PRISONERS);
    const portal = await servePortal({ cwd, env: { POSTERN_FORM: "form.json" } });
    const page = await (await fetch(`${portal.url}/uk/`)).text();
    expect(page).toContain("Розповісти про ув’язненого");
    expect(page).toContain('id="field-born"');
    expect(page).not.toContain('id="field-writer"');
    expect((await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf({ message: "x" }) })).status).toBe(
      400,
    );
    await portal.kill("SIGTERM");
  });

  it("carry a letter from the form to a folder, in a folder of their own", async () => {
    await giveStaffKey(cwd, PASSPHRASES);
    const portal = await servePortal({ cwd });
    expect(portal.output.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    const body = formOf({ message: "Привет" }, [new File(["документ"], "паспорт.jpg")]);
    expect((await fetch(`${portal.url}/ru/submit`, { method: "POST", body })).status).toBe(200);
    await portal.kill("SIGTERM");
    expect(portal.output.stderr).toBe("");

    const open = ["open", "data/submissions", "--key", await secretFile(), "--passphrase-file", "passphrase"];
    const { code, stdout, stderr } = await postern(open, { cwd });
    const notices = "1 notices in outbox: carry them back with the replies, and import all at once\n";
    expect([code, stderr]).toEqual([0, `${NOTE}${notices}1 opened, 0 opened before, 0 failed\n`]);
    // The notice is named by a mailbox: what stands first is by chance.
    const carried = await readdir(inside("outbox"));
    expect(carried).toHaveLength(2);
    expect(carried).toEqual(expect.arrayContaining(["acknowledgement.json", expect.stringMatching(/-1\.reply\.gpg$/)]));
    const folder = / -> (\S+)$/m.exec(stdout)?.[1] ?? "";
    expect(await readFile(inside(folder, "letter.txt"), "utf8")).toContain("Привет");
    expect(await readFile(inside(folder, "files/01-паспорт.jpg"), "utf8")).toBe("документ");

    const again = await postern(open, { cwd });
    await rm(inside("outbox"), { recursive: true });
    const quiet = await postern([...open, "--out", "quiet/cases", "--no-notices"], { cwd });
    expect(quiet.stderr).not.toContain("notices");
    expect((await readdir(cwd)).concat(await readdir(inside("quiet")))).not.toContain("outbox");
    const told = await postern([...open, "--out", "told/cases", "--notices", "told/here"], { cwd });
    expect([told.code, (await readdir(inside("told/here"))).length]).toEqual([0, 2]);
    expect([again.code, again.stderr]).toEqual([0, `${NOTE}0 opened, 1 opened before, 0 failed\n`]);
    expect((await readdir(inside("cases"))).sort()).toEqual([
      "acknowledgement.json",
      "index.html",
      expect.stringMatching(/^submission-/),
    ]);
  });

  it("listen on a Unix socket", async () => {
    await giveStaffKey(cwd, PASSPHRASES);
    const portal = await servePortal({ cwd, env: { POSTERN_LISTEN: "unix:portal.sock" } });
    try {
      expect(portal.output.stdout).toBe(`unix:${inside("portal.sock")}\n`);
      const status = await new Promise((resolve, reject) =>
        request({ socketPath: inside("portal.sock"), path: "/ru/" }, (response) => resolve(response.statusCode))
          .on("error", reject)
          .end(),
      );
      expect(status).toBe(200);
    } finally {
      await portal.kill("SIGTERM");
    }
  });

  it("open names each failure and goes on, with exit code 1", async () => {
    await giveStaffKey(cwd, PASSPHRASES);
    const portal = await servePortal({ cwd });
    await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf({ message: "Привет" }) });
    await portal.kill("SIGTERM");
    await writeFile(inside("data/submissions/00-not-openpgp.gpg"), "hello");
    await mkdir(inside("data/submissions/01-folder.gpg"));
    const { code, stdout, stderr } = await postern(
      ["open", "data/submissions", "--key", await secretFile(), "--passphrase-file", "passphrase", "--out", "out"],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("00-not-openpgp.gpg: nothing in this file is encrypted (not_encrypted)");
    expect(stderr).toContain("01-folder.gpg: the file cannot be read (unreadable)");
    expect(stderr).toContain("1 opened, 0 opened before, 2 failed");
  });

  it.each([
    ["a wrong passphrase", "wrong\n", "the passphrase does not unlock"],
    ["an empty passphrase file", "\n", "is empty"],
  ])("open refuses %s", async (_what, passphrase, words) => {
    await giveStaffKey(cwd, PASSPHRASES);
    await writeFile(inside("other"), passphrase);
    await mkdir(inside("inbox"));
    const key = await secretFile();
    const result = await postern(["open", "inbox", "--key", key, "--passphrase-file", "other"], { cwd });
    expect([result.code, result.stderr]).toEqual([1, expect.stringContaining(words)]);
  });

  it("open tries each passphrase on each key, uses what opens, and names the rest", async () => {
    await giveStaffKey(cwd, PASSPHRASES);
    const portal = await servePortal({ cwd });
    await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf({ message: "Привет" }) });
    await portal.kill("SIGTERM");
    const other = { secretKey: await quickKey("Olha", "two") };
    const ours = await readFile(await secretFile(), "utf8");
    await writeFile(inside("both.asc"), `\ufeff${other.secretKey}${ours}`.replaceAll("\n", "\r\n"));
    await writeFile(inside("wrong"), "wrong\nsecond line\n");
    await writeFile(inside("utf16"), Buffer.from("\ufeffcorrect horse\r\n", "utf16le"));
    await writeFile(inside("two"), "two\n");
    await writeFile(inside("letter.asc"), "hello");
    const open = (out: string, ...words: string[]) =>
      postern(["open", "data/submissions", "--key", "both.asc", "--out", out, ...words], { cwd });
    const passphrase = (...names: string[]) => names.flatMap((name) => ["--passphrase-file", name]);

    const one = await open("one", "--key", "letter.asc", ...passphrase("wrong", "utf16"));
    expect([one.code, one.stderr]).toEqual([0, expect.stringContaining("1 opened, 0 opened before, 0 failed")]);
    expect(one.stderr).toMatch(/^subkey (?:\w{4} ){4}of key (?:\w{4} ){4}of Olha: the passphrase .* \(locked\)$/m);
    expect(one.stderr).toContain("letter.asc: this is not a file of OpenPGP keys (not_keys)");
    const all = await open("all", ...passphrase("two", "utf16"));
    expect([all.code, all.stderr]).toEqual([0, expect.not.stringContaining("locked")]);
    const none = await open("none", ...passphrase("wrong"));
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("no secret key is open")]);
    expect(none.stderr.match(/\(locked\)/g)).toHaveLength(2);
    const missing = await postern(["open", "data/submissions", "--key", "nothing.asc"], { cwd });
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringContaining("nothing.asc: there is no such file (unreadable)"),
    ]);
  });

  it.runIf(requireTools("postern open asks for passphrases", "script"))(
    "open asks for each passphrase that it needs, and goes on without one",
    async () => {
      await giveStaffKey(cwd, PASSPHRASES);
      await mkdir(inside("inbox"));
      const keys = await Promise.all(
        ["two", "three"].map(async (passphrase) => ({ secretKey: await quickKey(passphrase, passphrase) })),
      );
      const ours = await readFile(await secretFile(), "utf8");
      await writeFile(inside("all.asc"), ours + keys.map(({ secretKey }) => secretKey).join(""));
      const command = `${process.execPath} ${MAIN} open inbox --key all.asc --out out`;
      // Each answer is typed when it is asked for.
      const env = { PATH: process.env.PATH ?? "" };
      const child = spawn("script", ["-qec", command, "/dev/null"], { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
      const answers = ["wrong", "correct horse", "three", ""];
      let said = "";
      for await (const chunk of child.stdout.setEncoding("utf8")) {
        said += chunk;
        if (/: $/.test(said) && answers.length > 0) child.stdin.write(`${answers.shift()}\r`);
      }
      expect(answers).toEqual([]);
      expect(said.match(/passphrase for subkey/g)).toHaveLength(4);
      expect(said).toContain("this passphrase does not unlock it");
      expect(said).toContain("this opens another key");
      expect(said).toMatch(/of two: the passphrase does not unlock it \(locked\)/);
      expect(said).toContain("found no file ending in .gpg");
      expect(said).not.toContain("correct horse");
    },
  );

  it("open says so when there is nothing to open", async () => {
    await giveStaffKey(cwd, PASSPHRASES);
    await mkdir(inside("inbox"));
    const words = ["open", "inbox", "--key", await secretFile(), "--passphrase-file", "passphrase"];
    const { code, stderr } = await postern(words, { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining("found no file ending in .gpg")]);
  });
});

describe("postern open, with many", () => {
  /** Letters in a portal's store, and the secret key's file. */
  const letters = async (count: number, profile: KeyProfile = "gnupg") => {
    const pair = await createKeyPair({ profile, userId: { name: "Staff" }, passphrase: "", lifetime: 1e7 });
    const key = await lockedBy(
      await readPrivateKey({ armoredKey: pair.secretKey }),
      "correct horse",
      profile !== "gnupg",
    );
    await writeFile(inside("old-secret.asc"), key.armor());
    await mkdir(inside("keys"));
    await writeFile(inside("keys/old.asc"), pair.certificate);
    const store = await openFileStore(inside("data"));
    for (let index = 0; index < count; index += 1) {
      const document = new Blob([`${index}`.repeat(1000)]);
      const letter = await encryptedSubmission([await recipientOf(pair)], {
        caseId: randomBytes(16).toString("hex"),
        form: { id: "default", version: 1 },
        language: "ru",
        answers: { message: `Письмо ${index}` },
        letter: `Письмо ${index}\n`,
        documents: [{ name: "a.txt", type: "text/plain", size: document.size, open: () => document.stream() }],
        encryptedBy: "server",
      });
      await store.put(new Blob([letter]).stream());
    }
    return inside("old-secret.asc");
  };
  const inbox = "data/submissions";

  it("takes several at one time, and says what became of each in the order of files", async () => {
    const key = await letters(8);
    const [first = "", second = ""] = (await readdir(inside(inbox))).sort();
    await writeFile(inside(inbox, `copy-of-${first}`), await readFile(inside(inbox, first)));
    const broken = await readFile(inside(inbox, second));
    broken[broken.length - 30] = (broken[broken.length - 30] ?? 0) ^ 1;
    await writeFile(inside(inbox, second), broken);
    const words = ["open", inbox, "--key", key, "--passphrase-file", "passphrase", "--jobs", "3"];
    const { code, stdout, stderr } = await postern(words, { cwd });
    expect(code).toBe(1);
    const files = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" -> ")[0]);
    expect(files).toEqual([...files].sort());
    expect(files).toHaveLength(8);
    expect(stdout).toMatch(new RegExp(`^${inbox}/copy-of-${first} -> .* \\(opened before\\)$`, "m"));
    const summary = stderr.trim().split("\n");
    expect(summary.slice(-4)).toEqual([
      expect.stringMatching(new RegExp(`^${inbox}/${second}: .* \\(damaged\\)$`)),
      "what to do:",
      expect.stringMatching(/^ {2}damaged: copy the file again/),
      "7 opened, 1 opened before, 1 failed",
    ]);
    const folders = (await readdir(inside("cases"))).filter(
      (name) => !/^(acknowledgement\.json|index\.html)$/.test(name),
    );
    expect(folders).toHaveLength(7);
    for (const name of folders) expect(name).toMatch(/^submission-/);
    const acknowledged = await readFile(inside("cases/acknowledgement.json"), "utf8");
    expect(acknowledged).toContain(first.slice(0, 32));
    expect(acknowledged).not.toContain(second.slice(0, 32));
  });

  it("goes on where a run that was killed has stopped", async () => {
    const key = await letters(6);
    const words = ["open", inbox, "--key", key, "--passphrase-file", "passphrase", "--jobs", "2"];
    const child = spawn(process.execPath, [MAIN, ...words], { cwd, env: {}, stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");
    const { code, stderr } = await postern(words, { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/\d opened, \d opened before, 0 failed/);
    const names = await readdir(inside("cases"));
    expect(names.filter((name) => name.startsWith("submission-"))).toHaveLength(6);
    expect(names.filter((name) => name.startsWith("."))).toEqual([]);
  });

  it.runIf(requireTools("postern open --gpg, several keys", "gpg"))(
    "finds among several keys of GnuPG the one that each submission is for",
    async () => {
      const gnupg = await GnuPg.create();
      await mkdir(inside("mixed"));
      try {
        for (const name of ["first", "second", "third"]) {
          const pair = await createKeyPair({ profile: "gnupg", userId: { name }, passphrase: "", lifetime: 1e7 });
          await writeFile(inside("mixed", `${name}.gpg`), await submissionMessage(await recipientOf(pair), 1_000));
          // Of the third there is no key.
          if (name === "third") continue;
          await writeFile(inside("one.asc"), pair.secretKey);
          const given = ["--batch", "--import", inside("one.asc")];
          execFileSync("gpg", given, { env: { ...process.env, GNUPGHOME: gnupg.home }, stdio: "ignore" });
        }
        const { code, stderr } = await postern(["open", "mixed", "--gpg"], { cwd, env: { GNUPGHOME: gnupg.home } });
        expect(stderr).toMatch(/third\.gpg: none of GnuPG's keys opens this message \(no_matching_key\)/);
        expect([code, stderr]).toEqual([1, expect.stringContaining("2 opened, 0 opened before, 1 failed")]);
      } finally {
        await gnupg.close();
      }
    },
  );

  it.runIf(requireTools("postern open --gpg", "gpg"))("uses the keys of GnuPG instead of a file", async () => {
    const key = await letters(3);
    const gnupg = await GnuPg.create();
    try {
      const given = ["--batch", "--pinentry-mode", "loopback", "--passphrase", "correct horse", "--import", key];
      execFileSync("gpg", given, { cwd, env: { ...process.env, GNUPGHOME: gnupg.home }, stdio: "ignore" });
      // What the agent would ask for in a window of its own.
      await writeFile(join(gnupg.home, "gpg.conf"), "pinentry-mode loopback\npassphrase-file passphrase\nbatch\n");
      const [, second = ""] = (await readdir(inside(inbox))).sort();
      const broken = await readFile(inside(inbox, second));
      broken[broken.length - 30] = (broken[broken.length - 30] ?? 0) ^ 1;
      await writeFile(inside(inbox, second), broken);
      const env = { GNUPGHOME: gnupg.home };
      const { code, stdout, stderr } = await postern(["open", inbox, "--gpg", "--jobs", "2"], { cwd, env });
      expect(code).toBe(1);
      expect(stdout.trim().split("\n"), stderr).toHaveLength(2);
      expect(stderr).toMatch(new RegExp(`${second}: the message is damaged: .* \\(damaged\\)`));
      expect(stderr).toContain("2 opened, 0 opened before, 1 failed");
      expect((await readdir(inside("cases"))).filter((name) => name.startsWith("."))).toEqual([]);
      const without = await postern(["open", inbox, "--gpg", "--out", "x"], { cwd, env: { ...env, PATH: cwd } });
      expect(without.stderr).toContain("gpg cannot be run (missing)");
    } finally {
      await gnupg.close();
    }
  });

  it.each([
    [["open", "x"], "name secret key files with --key, or give --gpg"],
    [["open", "x", "--gpg", "--key", "k"], "name secret key files with --key, or give --gpg"],
    [["open", "x", "--gpg", "--jobs", "0"], "it must be from 1 to 256"],
  ])("refuses %j", async (words, why) => {
    const { code, stderr } = await postern(words, { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });

  it.each(["gnupg", "rfc9580"] as const)(
    "rekey encrypts to new recipients, which open what the old ones could: %s",
    async (profile) => {
      const old = await letters(2, profile);
      await giveStaffKey(inside("new"), PASSPHRASES);
      const secrets = await readdir(inside("new/postern-secret"));
      const fresh = join("new/postern-secret", secrets.find((name) => name.endsWith("-secret.asc")) ?? "");
      const rekey = ["rekey", inbox, "--key", old, "--passphrase-file", "passphrase", "--to", "new/keys"];
      const came = new Date("2026-03-05T00:00:00Z");
      for (const name of await readdir(inside(inbox))) await utimes(inside(inbox, name), came, came);
      const { code, stdout, stderr } = await postern(rekey, { cwd });
      expect([code, stderr]).toEqual([0, "2 encrypted to 1 recipients, 0 failed\n"]);
      for (const name of await readdir(inside("rekeyed"))) {
        expect((await stat(inside("rekeyed", name))).mtime).toEqual(came);
      }
      expect(stdout.trim().split("\n")).toHaveLength(2);
      const open = (key: string, from: string, out: string) =>
        postern(["open", from, "--key", key, "--passphrase-file", "passphrase", "--out", out], { cwd });
      expect((await open(old, "rekeyed", "by-old")).stderr).toContain("0 opened, 0 opened before, 2 failed");
      expect((await open(fresh, "rekeyed", "by-new")).stderr).toContain("2 opened, 0 opened before, 0 failed");
      await open(old, inbox, "before");
      for (const name of (await readdir(inside("before"))).filter((each) => each.startsWith("submission-"))) {
        for (const part of ["letter.txt", "submission.json", "files/01-a.txt"]) {
          expect(await readFile(inside("by-new", name, part))).toEqual(await readFile(inside("before", name, part)));
        }
      }
      expect((await postern(rekey, { cwd })).stderr).toContain("exists already (exists)");
      expect(await readdir(inside("rekeyed"))).toHaveLength(2);
      // Both keys at once open what was sent before and after.
      const both = [
        "open",
        inbox,
        "rekeyed",
        "--key",
        old,
        "--key",
        fresh,
        "--passphrase-file",
        "passphrase",
        "--out",
        "both",
      ];
      expect((await postern(both, { cwd })).stderr).toContain("4 opened, 0 opened before, 0 failed");
    },
  );

  it("rekey leaves nothing of what is damaged", async () => {
    const key = await letters(1);
    const [name = ""] = await readdir(inside(inbox));
    const broken = await readFile(inside(inbox, name));
    broken[broken.length - 30] = (broken[broken.length - 30] ?? 0) ^ 1;
    await writeFile(inside(inbox, name), broken);
    const words = ["rekey", inbox, "--key", key, "--passphrase-file", "passphrase", "--to", "keys"];
    const { code, stderr } = await postern(words, { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining("(damaged)")]);
    expect(await readdir(inside("rekeyed"))).toEqual([]);
  });
});

describe("the progress bar", () => {
  it.each([
    [0, 100, 0, `[${" ".repeat(30)}] 0 %`],
    [50 * 1024 ** 2, 100 * 1024 ** 2, 5_000, `[${"#".repeat(15)}${" ".repeat(15)}] 50 %, 10.0 MiB/s, 5 s left`],
    [1024 ** 2, 121 * 1024 ** 2, 1_000, `[${" ".repeat(30)}] 1 %, 1.0 MiB/s, 2 min left`],
    [1024 ** 2, 7201 * 1024 ** 2, 1_000, `[${" ".repeat(30)}] 0 %, 1.0 MiB/s, 2.0 h left`],
    [100, 100, 1_000, `[${"#".repeat(30)}] 100 %, 0.0 MiB/s, 0 s left`],
    [0, 0, 0, `[${"#".repeat(30)}] 100 %`],
  ])("says after %i of %i bytes and %i ms: %s", (done, total, milliseconds, line) => {
    expect(barLine(done, total, milliseconds)).toBe(line);
  });
});

describe("postern demo", () => {
  it("shows the whole path and ends, in a checkout", async () => {
    const { code, stdout, stderr } = await postern(["demo", "--once"], { cwd, env: { TMPDIR: cwd }, main: BUILT });
    expect([code, stderr]).toEqual([0, ""]);
    const folder = /^plaintext +(\S+)$/m.exec(stdout)?.[1] ?? "";
    expect(await readdir(join(folder, "files"))).toEqual(["01-приговор.txt", "02-паспорт.png"]);
    const ciphertext = /^ciphertext +(\S+)$/m.exec(stdout)?.[1] ?? "";
    expect((await stat(ciphertext)).size).toBeGreaterThan(65_536);
  });
});
