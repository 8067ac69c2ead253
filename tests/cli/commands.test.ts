import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { postern, servePortal } from "../support/command.js";
import { PRISONERS } from "../support/forms.js";
import { formOf } from "../support/portal.js";

let cwd: string;
const inside = (...path: readonly string[]) => join(cwd, ...path);
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-cli-"));
  await writeFile(inside("passphrase"), "correct horse\nsecond line\n");
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

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

  it.each([
    ["POSTERN_LISTEN", "127.0.0.1:65536"],
    ["POSTERN_LISTEN", ":3000"],
    ["POSTERN_LISTEN", "unix:"],
    ["POSTERN_STORE", "file:"],
    ["POSTERN_MAX_SUBMISSION", "3841MiB"],
    ["POSTERN_MAX_SUBMISSION", "1KiB"],
    ["POSTERN_MAX_FILES", "1000"],
    ["POSTERN_MAX_FILES", "many"],
    ["POSTERN_MIN_FREE", "-1"],
    ["POSTERN_ONION", "example.org"],
    ["POSTERN_ONION", "http://short.onion"],
  ])("is refused for %s=%s", async (name, value) => {
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

  it.each(["keys", "keys/secret", "data", "data/x/y"])("new refuses to write a secret key into %s", async (folder) => {
    const { code, stderr } = await newKey("--secret", folder);
    expect([code, stderr]).toEqual([1, expect.stringContaining("a secret key must not be in")]);
    expect(await readdir(cwd)).toEqual(["passphrase"]);
  });

  it.each(["0y", "forever", "2", "-1d"])("new refuses the lifetime %s", async (lifetime) => {
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

  it("check says who can read submissions, and until when", async () => {
    await newKey();
    await newKey("--profile", "rfc9580", "--expires", "20d");
    const { code, stdout, stderr } = await postern(["keys", "check"], { cwd });
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(stdout).toMatch(/expires \d{4}-\d\d-\d\d {2}gnupg$/m);
    expect(stdout).toMatch(/expires \d{4}-\d\d-\d\d {2}rfc9580$/m);
    expect(stderr).toContain("warning: certificate");
  });

  it("check and serve refuse the same folder, naming the file and the cure", async () => {
    await newKey();
    await writeFile(inside("keys/x.asc"), "nonsense");
    for (const words of [["keys", "check"], ["serve"]]) {
      const { code, stdout, stderr } = await postern(words, { cwd });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`${inside("keys/x.asc")}: this file holds no armored certificate; export it again`);
    }
  });
});

const NOTE = "what was opened is in cases/acknowledgement.json, to be brought back to the server\n";

describe("postern serve and postern open", () => {
  it("ask the operator's questions and none of the usual ones", async () => {
    await newKey();
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
    await newKey();
    const portal = await servePortal({ cwd });
    expect(portal.output.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    const body = formOf({ message: "Привет" }, [new File(["документ"], "паспорт.jpg")]);
    expect((await fetch(`${portal.url}/ru/submit`, { method: "POST", body })).status).toBe(200);
    await portal.kill("SIGTERM");
    expect(portal.output.stderr).toBe("");

    const open = ["open", "data/submissions", "--key", await secretFile(), "--passphrase-file", "passphrase"];
    const { code, stdout, stderr } = await postern(open, { cwd });
    expect([code, stderr]).toEqual([0, `${NOTE}1 opened, 0 opened before, 0 failed\n`]);
    const folder = / -> (\S+)$/m.exec(stdout)?.[1] ?? "";
    expect(await readFile(inside(folder, "letter.txt"), "utf8")).toContain("Привет");
    expect(await readFile(inside(folder, "files/01-паспорт.jpg"), "utf8")).toBe("документ");

    const again = await postern(open, { cwd });
    expect([again.code, again.stderr]).toEqual([0, `${NOTE}0 opened, 1 opened before, 0 failed\n`]);
    expect((await readdir(inside("cases"))).sort()).toEqual([
      "acknowledgement.json",
      expect.stringMatching(/^submission-/),
    ]);
  });

  it("listen on a Unix socket", async () => {
    await newKey();
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
    await newKey();
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
    expect(stderr).toContain("00-not-openpgp.gpg: this is not an OpenPGP message (not_a_message)");
    expect(stderr).toContain("01-folder.gpg: the file cannot be read (unreadable)");
    expect(stderr).toContain("1 opened, 0 opened before, 2 failed");
  });

  it.each([
    ["a wrong passphrase", "wrong\n", "the passphrase does not unlock"],
    ["an empty passphrase file", "\n", "is empty"],
  ])("open refuses %s", async (_what, passphrase, words) => {
    await newKey();
    await writeFile(inside("other"), passphrase);
    await mkdir(inside("inbox"));
    const key = await secretFile();
    const result = await postern(["open", "inbox", "--key", key, "--passphrase-file", "other"], { cwd });
    expect([result.code, result.stderr]).toEqual([1, expect.stringContaining(words)]);
  });

  it("open says so when there is nothing to open", async () => {
    await newKey();
    await mkdir(inside("inbox"));
    const words = ["open", "inbox", "--key", await secretFile(), "--passphrase-file", "passphrase"];
    const { code, stderr } = await postern(words, { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining("no file ending in .gpg was found there")]);
  });
});

describe("postern demo", () => {
  it("shows the whole path and ends", async () => {
    const { code, stdout, stderr } = await postern(["demo", "--once"], { cwd, env: { TMPDIR: cwd } });
    expect([code, stderr]).toEqual([0, ""]);
    const folder = /^plaintext +(\S+)$/m.exec(stdout)?.[1] ?? "";
    expect(await readdir(join(folder, "files"))).toEqual(["01-приговор.txt", "02-паспорт.png"]);
    const ciphertext = /^ciphertext +(\S+)$/m.exec(stdout)?.[1] ?? "";
    expect((await stat(ciphertext)).size).toBeGreaterThan(65_536);
  });
});
