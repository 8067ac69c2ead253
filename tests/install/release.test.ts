import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error: scripts are plain JavaScript, so that they run before anything is built.
import { releaseFiles } from "../../scripts/release/files.mjs";
import { postern } from "../support/command.js";
import { atLength } from "../support/length.js";
import { Operator } from "../support/operator.js";
import { formOf } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const ARCHIVE = `postern-${version}.tar.gz`;
const SERVER = `postern_${version}_all.deb`;
const DESK = `postern-desk_${version}_all.deb`;
const RELAY = `postern-relay_${version}_all.deb`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const tools = requireTools("what is released", "gzip", "xz", "tar");
let folder: string;
let files: Map<string, Buffer>;
const at = (...names: readonly string[]) => join(folder, ...names);
const must = (program: string, ...words: readonly string[]) => execFileSync(program, words, { encoding: "utf8" });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-release-"));
  if (!tools) return;
  const released = await releaseFiles();
  files = released.files;
  for (const [path, contents] of released.apt) files.set(`apt/${path}`, contents);
  for (const [path, contents] of files) {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), contents);
  }
});
afterAll(() => removeFolder(folder));

describe.runIf(tools)("the archive for machines without Debian", () => {
  beforeAll(() => {
    must("tar", "--extract", "--file", at(ARCHIVE), "--directory", folder);
    process.env.POSTERN_TEST_PROGRAM = at(`postern-${version}`, "dist/cli/main.js");
  });
  afterAll(() => {
    delete process.env.POSTERN_TEST_PROGRAM;
  });

  it("holds one folder, with the program and nothing that is installed for it", () => {
    const names = must("tar", "--list", "--file", at(ARCHIVE)).trim().split("\n");
    expect(names.every((name) => name.startsWith(`postern-${version}/`))).toBe(true);
    expect(names.filter((name) => name.includes("node_modules"))).toEqual([]);
    for (const name of ["postern", "desk.html", "LICENSE", "licences.txt", "deploy/postern.service", "docs/STAFF.md"]) {
      expect(names).toContain(`postern-${version}/${name}`);
    }
  });

  it("tells its version, started from any folder", () => {
    const { stdout } = spawnSync(at(`postern-${version}`, "postern"), ["--version"], { cwd: "/", encoding: "utf8" });
    expect(stdout).toBe(`${version}\n`);
  });

  it("takes a letter, opens it, carries the answer back, and is what its source says", async () => {
    const cwd = at("operator");
    const operator = new Operator(cwd);
    await operator.start();
    try {
      const sent = await fetch(`${operator.url}/en/submit`, { method: "POST", body: formOf({ message: "Help us." }) });
      expect(sent.status).toBe(200);
      const { result, cases } = await operator.open();
      expect(result.code, result.stderr).toBe(0);
      expect(cases.map(({ letter }) => letter)).toEqual([expect.stringContaining("Help us.")]);
      await operator.reply(cases[0]?.folder ?? "", "We will.", {});
      const verified = await operator.run("verify", operator.url);
      expect(verified.code, verified.stdout).toBe(0);
      for (const words of [["keys", "check"], ["list"], ["site", "site"], ["audit", "verify"], ["doctor"]]) {
        const { stderr } = await operator.run(...words);
        expect(stderr, words.join(" ")).not.toMatch(/Cannot find|ERR_MODULE|is not a function|is not defined/);
      }
    } finally {
      await operator.stop();
    }
  });

  it("shows the whole path with threads of its own", async () => {
    await mkdir(at("demo"));
    const { code, stderr } = await postern(["demo", "--once"], { cwd: at("demo") });
    expect(code, stderr).toBe(0);
  });
});

describe.runIf(tools && requireTools("the Debian packages", "dpkg-deb"))("the Debian packages", () => {
  const field = (name: string, key: string) => must("dpkg-deb", "--field", at(name), key).trim();

  // The desk's holds what draws PDF and HEIC, and holds it twice: desk.html is one file.
  it.each([
    [SERVER, 2_000_000],
    [DESK, 4_000_000],
    [RELAY, 60_000],
  ])("are small, and under 15 MB installed: %s has less than %i bytes", (name, bytes) => {
    expect(files.get(name)?.length).toBeLessThan(bytes);
    expect(Number(field(name, "Installed-Size")) * 1_024).toBeLessThan(15_000_000);
  });

  it("have what draws PDF and HEIC at the desk, and nothing of it on the server", () => {
    expect(must("dpkg-deb", "--contents", at(DESK))).toMatch(/reading-pdf-/);
    expect(must("dpkg-deb", "--contents", at(SERVER))).not.toMatch(/reading-|desk\.html/);
  });

  it.each([SERVER, DESK, RELAY])("need Node, and no package of npm: %s", (name) => {
    expect(field(name, "Depends")).toContain("nodejs (>= 20.19)");
    expect(field(name, "Architecture")).toBe("all");
    expect(must("dpkg-deb", "--contents", at(name))).not.toContain("node_modules");
  });

  it("of the offline machine hold no portal, no letters by email and nothing of staff's pages", () => {
    must("dpkg-deb", "--extract", at(DESK), at("desk"));
    const main = at("desk/usr/share/postern-desk/dist/cli/offline.js");
    const help = must(process.execPath, main, "--help");
    for (const name of ["keys", "open", "index", "rekey", "reply"])
      expect(help).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    for (const name of ["serve", "mail", "export", "staff"])
      expect(help).not.toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    expect(readFileSync(at("desk/usr/share/applications/postern-desk.desktop"), "utf8")).toContain("Exec=postern-desk");
    expect(
      readFileSync(at("desk/usr/share/postern-desk/desk.html")).equals(files.get("desk.html") ?? Buffer.of()),
    ).toBe(true);
  });

  it("of the offline machine make a key with nothing else of ours beside them", () => {
    must("dpkg-deb", "--extract", at(DESK), at("alone"));
    writeFileSync(at("alone/passphrase"), "abacus blanket cactus dynamo elbow fountain\n");
    const main = at("alone/usr/share/postern-desk/dist/cli/offline.js");
    const words = [main, "keys", "new", "--name", "Appeals", "--passphrase-file", "passphrase"];
    const { status, stderr } = spawnSync(process.execPath, words, {
      cwd: at("alone"),
      // The settings of the tests are none of the program's.
      env: { PATH: process.env.PATH ?? "" },
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    expect(readdirSync(at("alone/keys")).filter((name) => name.endsWith(".asc"))).toHaveLength(1);
  });

  it("of a volunteer's machine are a relay alone, in one file that can be read", async () => {
    must("dpkg-deb", "--extract", at(RELAY), at("volunteer"));
    const main = at("volunteer/usr/share/postern-relay/dist/cli/relay-main.js");
    expect(readFileSync(main, "utf8")).toMatch(/^function mayPass\(/m);
    const unit = readFileSync(at("volunteer/usr/lib/systemd/system/postern-relay.service"), "utf8");
    expect(unit).toContain(
      "ExecStart=/usr/bin/node --max-semi-space-size=1 /usr/share/postern-relay/dist/cli/relay-main.js --to",
    );
    expect(unit).not.toContain("/opt/postern");
    expect(must("dpkg-deb", "--info", at(RELAY), "conffiles")).toBe("/etc/postern-relay.env\n");
    const env = { PATH: process.env.PATH ?? "" };
    expect(spawnSync(process.execPath, [main], { env, encoding: "utf8" })).toMatchObject({ status: 2, stdout: "" });
    const refused = spawnSync(process.execPath, [main, "--to", "http://portal.example/"], { env, encoding: "utf8" });
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("expected https://")]);
    const words = ["--to", "http://127.0.0.1:1/", "--listen", "127.0.0.1:0"];
    const relay = spawn(process.execPath, [main, ...words], { env, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [address] = (await once(relay.stdout, "data")) as [Buffer];
      const url = String(address).trim();
      expect((await fetch(new URL("/en/", url))).status).toBe(404);
      expect((await fetch(new URL("/keys.asc", url))).status).toBe(502);
    } finally {
      relay.kill();
    }
  });

  it("have units that start what the package holds, and no other place", () => {
    must("dpkg-deb", "--extract", at(SERVER), at("server"));
    const units = must("sh", "-c", `cat ${at("server/usr/lib/systemd/system")}/*.service`);
    expect(units).not.toContain("/opt/postern");
    const programs = [...units.matchAll(/^ExecStart=(\S+) (\S+)/gm)].map(([, node, main]) => `${node} ${main}`);
    expect(new Set(programs)).toEqual(new Set(["/usr/bin/node /usr/share/postern/dist/cli/main.js"]));
    expect(must(process.execPath, at("server/usr/share/postern/dist/cli/main.js"), "--version")).toBe(`${version}\n`);
  });

  it("name every command in the manual and in bash's completion", () => {
    const manual = must("sh", "-c", `zcat ${at("server/usr/share/man/man1/postern.1.gz")}`);
    for (const name of ["serve", "keys new", "replies import", "manifest sign"])
      expect(manual).toContain(`.B postern ${name}`);
    const complete = `. ${at("server/usr/share/bash-completion/completions/postern")}
      COMP_WORDS=(postern keys sp) COMP_CWORD=2; _postern 2>/dev/null; echo "\${COMPREPLY[@]}"`;
    expect(must("bash", "-c", complete).trim()).toBe("split");
  });

  it.runIf(requireTools("lintian", "lintian"))("leave lintian nothing to say", () => {
    const { stdout } = spawnSync("lintian", ["--allow-root", "--pedantic", at(SERVER), at(DESK), at(RELAY)], {
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });
});

describe.runIf(tools && requireTools("the repository for apt", "apt-get"))("the repository for apt", () => {
  const apt = (...words: readonly string[]) => {
    const options = [
      `Dir::State=${at("state")}`,
      `Dir::State::Status=${at("status")}`,
      `Dir::Cache=${at("cache")}`,
      `Dir::Etc::SourceList=${at("sources.list")}`,
      "Dir::Etc::SourceParts=-",
      "APT::Sandbox::User=root",
      "Debug::NoLocking=1",
    ].flatMap((option) => ["-o", option]);
    return spawnSync("apt-get", [...options, ...words], { encoding: "utf8" });
  };

  it("is signed by a release key, which apt asks for, and refused once it is changed", async () => {
    await writeFile(at("release-passphrase"), "abacus blanket cactus dynamo elbow fountain\n");
    const passphrase = ["--passphrase-file", at("release-passphrase")];
    const made = await postern(["manifest", "key", "--name", "Release", "--out", at("key"), ...passphrase], {
      cwd: folder,
    });
    const [, certificate = ""] = /^certificate +(\S+)$/m.exec(made.stdout) ?? [];
    const [, key = ""] = /^secret key +(\S+)$/m.exec(made.stdout) ?? [];
    await writeFile(at("SHA256SUMS"), "");
    const sign = fileURLToPath(new URL("../../scripts/release/sign.mjs", import.meta.url));
    must(process.execPath, sign, folder, "--key", key, ...passphrase);
    for (const name of ["state/lists/partial", "cache/archives/partial"]) await mkdir(at(name), { recursive: true });
    await writeFile(at("status"), "");
    await writeFile(at("sources.list"), `deb [signed-by=${certificate}] file:${at("apt")} stable main\n`);
    const updated = apt("--error-on=any", "update");
    expect(updated.status, updated.stderr).toBe(0);
    const listed = apt("--print-uris", "download", "postern", "postern-desk");
    expect(listed.stdout, listed.stderr).toContain(`pool/${SERVER}`);
    expect(listed.stdout).toContain(`pool/${DESK}`);

    const changed = must("sed", "s/^Label: Postern/Label: Another/", at("apt/dists/stable/Release"));
    await writeFile(at("apt/dists/stable/Release"), changed);
    expect(apt("--error-on=any", "update").status).not.toBe(0);
  });
});

// It makes all of a release once more, which takes a minute.
if (atLength(false, true))
  describe.runIf(tools && requireTools("a release made by another user at another time", "faketime", "setpriv"))(
    "a release",
    () => {
      it("is the same bytes in another place, by another user, at another time and in another time zone", async () => {
        const place = await mkdtemp(at("another-place-"));
        for (const name of SOURCES) await cp(join(ROOT, name), join(place, name), { recursive: true });
        await symlink(join(ROOT, "node_modules"), join(place, "node_modules"));
        must("chmod", "-R", "u=rwX,go=rX", folder);
        const words = [process.execPath, "--input-type=module", "--eval", PRINT_DIGESTS];
        // Only root can become another user, and only where that user may read what is installed.
        const other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
        const byOther = spawnSync(other[0] ?? "", [...other.slice(1), "test", "-r", ROOT]).status === 0 ? other : [];
        const script = 'umask 077; exec "$@"';
        const again = spawnSync("sh", ["-c", script, "sh", ...byOther, "faketime", "2031-05-06 07:08:09", ...words], {
          cwd: place,
          env: {
            PATH: process.env.PATH ?? "",
            TZ: "Asia/Kamchatka",
            LC_ALL: "C.UTF-8",
            FAKETIME_DONT_FAKE_MONOTONIC: "1",
          },
          encoding: "utf8",
        });
        const digest = (contents: Buffer) => createHash("sha256").update(contents).digest("hex");
        const expected = [...files].map(([name, contents]) => `${name} ${digest(contents)}`);
        expect(again.stdout.trim().split("\n"), again.stderr).toEqual([...expected, "in the year 2031"]);
      });
    },
  );

/** What a release is made from. */
const SOURCES = [
  ".dockerignore",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "package-lock.json",
  "package.json",
  "deploy",
  "dist",
  "docs",
  "public",
  "scripts",
  "src",
];

const PRINT_DIGESTS = `
import { createHash } from "node:crypto";
const { releaseFiles } = await import(process.cwd() + "/scripts/release/files.mjs");
const { files, apt } = await releaseFiles();
for (const [path, contents] of apt) files.set("apt/" + path, contents);
for (const [name, contents] of files) console.log(name, createHash("sha256").update(contents).digest("hex"));
console.log("in the year", new Date().getUTCFullYear());
`;
