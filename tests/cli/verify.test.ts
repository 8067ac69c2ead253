import { createHash, generateKeyPairSync } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, postern, type RunningPortal, servePortal } from "../support/command.js";
import { shareOf } from "../support/length.js";
import type { Line } from "../support/line.js";
import { meddlingLine } from "../support/meddling-line.js";
import { socksProxy } from "../support/socks-proxy.js";
import { giveStaffKey } from "../support/staff-key.js";
import { bareHost } from "../support/static-host.js";
import { removeFolder } from "../support/temporary.js";

let cwd: string;
let portal: RunningPortal;
let certificate: string;
const lines: Line[] = [];
const run = (...words: string[]): Promise<CommandResult> => postern(words, { cwd });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-verify-"));
  await giveStaffKey(cwd);
  const { stdout } = await run("manifest", "key", "--name", "Release", "--passphrase-file", "passphrase");
  certificate = /^certificate +(\S+)$/m.exec(stdout)?.[1] ?? "";
  portal = await servePortal({ cwd });
});
afterEach(async () => {
  for (const line of lines.splice(0)) await line.close();
});
afterAll(async () => {
  await portal.kill("SIGTERM");
  await removeFolder(cwd);
});

/** The portal's address behind somebody who changes the worker by one byte. */
async function tampered(): Promise<string> {
  const line = await meddlingLine(portal.url, (path, answer) =>
    path.startsWith("/build/worker-") ? { ...answer, body: answer.body.replace("!", "?") } : answer,
  );
  lines.push(line);
  return line.url;
}

/** A site with its manifest, signed with the release key. */
async function signedSite(): Promise<string> {
  const made = await run("site", "site");
  expect(made.code, made.stderr).toBe(0);
  const manifest = "site/.well-known/webcat/manifest.json";
  await sign(manifest);
  return manifest;
}

const sha256 = (contents: Uint8Array) => createHash("sha256").update(contents).digest("hex");

/** Signs with the release key. */
async function sign(manifest: string): Promise<void> {
  const key = (await readdir(join(cwd, "postern-release"))).find((name) => name.endsWith("-secret.asc")) ?? "";
  const signed = await run(
    "manifest",
    "sign",
    manifest,
    "--key",
    `postern-release/${key}`,
    "--passphrase-file",
    "passphrase",
  );
  expect(signed.code, signed.stderr).toBe(0);
}

describe("postern verify", () => {
  it("ends with 0 where all is the same, and says what it took over", async () => {
    const { code, stdout, stderr } = await run("verify", portal.url);
    expect(stdout).toMatch(
      /^taken over from the page: portal salt [0-9a-f]{32}\nsame +1\d\d responses match, byte for byte/,
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("goes through a SOCKS proxy", async () => {
    const proxy = await socksProxy(portal.url);
    lines.push({ url: "", close: proxy.close });
    const { code, stdout } = await run(
      "verify",
      "http://portal.example.org/",
      "--socks",
      `${proxy.host}:${proxy.port}`,
    );
    expect(stdout).toContain("same ");
    expect(code).toBe(0);
    expect(new Set(proxy.asked)).toEqual(new Set(["portal.example.org"]));
  });

  it("ends with 1 where anything is different, and names it", async () => {
    const { code, stdout, stderr } = await run("verify", await tampered());
    expect(stdout).toMatch(/^different +\/build\/worker-\w+\.js: differs at byte \d+ /m);
    expect(stderr).toMatch(/^postern: 1 of 1\d\d responses differ\n$/);
    expect(code).toBe(1);
  });

  it("ends with 1 where nothing answers", async () => {
    const { code, stdout } = await run("verify", "http://127.0.0.1:1/");
    expect(stdout).toMatch(/^different +\/ru\/: no readable response: ECONNREFUSED/m);
    expect(code).toBe(1);
  });

  it.each(
    shareOf(
      [
        [["verify"], "missing required argument"],
        [["verify", "portal.example.org"], "expected the address of a portal"],
        [["verify", "https://portal.example.org/ru/"], "expected the address of a portal"],
        [["verify", "http://127.0.0.1:1", "--socks", "nowhere"], "--socks nowhere: expected HOST:PORT"],
        [["verify", "http://127.0.0.1:1", "--portal-salt", "00"], "expected 32 hex digits"],
        [["verify", "http://127.0.0.1:1", "--manifest", "x.json"], "give --signer as well"],
        [["verify", "http://127.0.0.1:1/form", "--sends"], "expected the address of a copy's folder"],
        [["verify", "http://127.0.0.1:1/form/", "--sends"], "--sends: set POSTERN_RELAYS and the receipt key"],
        [["site", "nothing", "--sends"], "--sends: set POSTERN_RELAYS and POSTERN_RECEIPT_KEY_FILE"],
        [["verify", "http://127.0.0.1:1", "--signer", "no.asc"], "no.asc: this file cannot be read"],
        [["verify", "http://127.0.0.1:1", "--signer", "passphrase"], "this certificate cannot be used"],
      ],
      3,
    ),
  )("ends with 2 where it was asked wrongly: %j", async (words, said) => {
    const { code, stderr } = await run(...words);
    expect(stderr).toContain(said);
    expect(code).toBe(2);
  });

  it("ends with 2 where there is no certificate to trust", async () => {
    const { code, stderr } = await postern(["verify", portal.url], { cwd, env: { POSTERN_KEYS: "site-none" } });
    expect(stderr).toContain("there is no recipient's certificate here");
    expect(code).toBe(2);
  });
});

describe("a signed manifest", () => {
  it("is made on one machine, served by the portal, and all that a watchdog needs beside its signer's certificate", async () => {
    const manifest = await signedSite();
    const checked = await run("manifest", "check", manifest, "--signer", certificate);
    expect(checked.stdout).toMatch(/^signed by +([0-9A-F]{4} ){9}[0-9A-F]{4}\nday +\d{4}-\d\d-\d\d\nversion +\d/);

    const without = await run("verify", portal.url, "--signer", certificate);
    expect(without.stdout).toContain("the portal has no signed manifest");
    expect(without.code).toBe(1);
    const beside = await run("verify", portal.url, "--signer", certificate, "--manifest", manifest);
    expect(beside.stdout).toMatch(/^manifest +version .* signed on .*\nsame +1\d\d responses/);
    expect(beside.code).toBe(0);
    const changed = await run("verify", await tampered(), "--signer", certificate, "--manifest", manifest);
    expect(changed.stdout).toMatch(
      /^different +\/build\/worker-\w+\.js: SHA-256 is [\w-]{43}; the manifest says [\w-]{43}$/m,
    );
    expect(changed.code).toBe(1);

    await cp(join(cwd, "site/.well-known/webcat"), join(cwd, "proof"), { recursive: true });
    const serving = await servePortal({ cwd, env: { POSTERN_MANIFEST: "proof" } });
    try {
      const { code, stdout } = await run("verify", serving.url, "--signer", certificate);
      expect(stdout).toContain("same ");
      expect(code).toBe(0);
    } finally {
      await serving.kill("SIGTERM");
    }
  });

  it("counts for nothing once it was changed, or without its signature", async () => {
    const place = join(cwd, "proof/manifest.json");
    await writeFile(place, (await readFile(place, "utf8")).replace('"format": 1', '"format":  1'));
    const changed = await run("verify", portal.url, "--signer", certificate, "--manifest", place);
    expect(changed.stdout).toContain("the named certificate did not sign this manifest");
    expect(changed.code).toBe(1);
    await rm(`${place}.asc`);
    expect((await run("verify", portal.url, "--signer", certificate, "--manifest", place)).code).toBe(2);
  });
});

describe("a copy that sends", () => {
  it("is written for any folder of any host, signed once with the portal, and checked by both", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await writeFile(join(cwd, "receipt.pem"), publicKey.export({ type: "spki", format: "pem" }));
    const env = { POSTERN_RELAYS: "https://relay.example.org", POSTERN_RECEIPT_KEY_FILE: "receipt.pem" };
    const ours = (...words: string[]) => postern(words, { cwd, env });
    const made = await ours("site", "sends", "--sends");
    expect(made.stdout).toMatch(/^files +8\nmanifest +sends\/manifest\.json\n/);
    expect(made.stdout).toContain(`form      ru.html, SHA-256 ${sha256(await readFile(join(cwd, "sends/ru.html")))}\n`);
    await sign("sends/manifest.json");

    const names = await readdir(join(cwd, "sends"));
    const files = await Promise.all(
      names.map(async (name) => [name, await readFile(join(cwd, "sends", name))] as const),
    );
    const host = await bareHost(new Map(files), "/~anna/");
    lines.push(host);
    for (const words of [[], ["--signer", certificate]]) {
      const { code, stdout, stderr } = await ours("verify", host.url, "--sends", ...words);
      expect(stdout, stderr).toContain("same       8 responses match");
      expect(code).toBe(0);
    }
    const form = (await readFile(join(cwd, "sends/ru.html"), "utf8")).replaceAll("relay.example.org", "evil.example");
    host.files.set("ru.html", Buffer.from(form));
    const changed = await run("verify", host.url, "--sends", "--signer", certificate);
    expect(changed.stdout).toMatch(
      /^different +\/~anna\/ru\.html: an address to send to that is not ours: https:\/\/evil/m,
    );
    expect(changed.stderr).toContain("1 of 8 responses differ");
    expect(changed.code).toBe(1);

    const both = await ours("site", "both", "--sends", "--onion");
    expect(both.stderr).toContain("--sends: copies are for the clear net; leave out --onion");
    expect(both.code).toBe(2);
    await expect(readdir(join(cwd, "both"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

it("postern site writes nothing over what is there, and needs a store or the portal's salt", async () => {
  expect((await run("site", "site")).stderr).toContain("site is not empty");
  const env = { POSTERN_STORE: "file:nowhere" };
  const without = await postern(["site", "elsewhere"], { cwd, env });
  expect(without.stderr).toContain("there is no store in");
  expect(without.code).toBe(1);
  const [, salt = ""] =
    /&quot;portalSalt&quot;:&quot;(\w+)/.exec(await (await fetch(`${portal.url}/ru/`)).text()) ?? [];
  const elsewhere = await postern(["site", "elsewhere", "--portal-salt", salt], { cwd, env });
  expect(elsewhere.code, elsewhere.stderr).toBe(0);
  const [here, there] = await Promise.all(
    ["site", "elsewhere"].map((name) => readFile(join(cwd, name, ".well-known/webcat/manifest.json"), "utf8")),
  );
  expect(there).toBe(here);
});
