import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createKeyPair } from "../../src/desk/index.js";
import { HttpClient } from "../../src/http-client/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import {
  checkAgainstBuild,
  checkAgainstManifest,
  makeSite,
  type PortalInputs,
  Report,
  type Site,
  writeSite,
} from "../../src/verify/index.js";
import { poll } from "../support/browsers.js";
import { recipientOf } from "../support/keys.js";
import { listenLocally } from "../support/loopback.js";
import { staticHost } from "../support/static-host.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

let folder: string;
let place: string;
let inputs: PortalInputs;
let site: Site;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-hosts-"));
  // A host's workers run as another user.
  await chmod(folder, 0o755);
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "test" }, passphrase: "", lifetime: 1e7 });
  inputs = {
    recipients: new Recipients([await recipientOf(pair)]),
    texts: loadTexts(),
    form: null,
    organisation: "Шлях",
    about: null,
    addresses: null,
    answerDays: null,
    retentionDays: null,
    draftDays: null,
    ways: null,
    onion: `${"d".repeat(56)}.onion`,
    portalSalt: new Uint8Array(16).fill(7),
    maxSubmission: 2 * 1024 ** 3,
    maxFiles: 100,
  };
  site = await makeSite(inputs, { onion: false, app: null });
  place = join(folder, "site");
  await writeSite(site, place);
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "close");
  }
});
afterAll(() => removeFolder(folder));

async function freePort(): Promise<string> {
  const server = createServer();
  const { port } = new URL(await listenLocally(server));
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function start(url: string, command: string, ...words: string[]): Promise<void> {
  running.push(
    spawn(command, words, { cwd: folder, stdio: "ignore", env: { PATH: process.env.PATH ?? "", HOME: folder } }),
  );
  await poll(command, async () => ((await fetch(`${url}/icon.svg`)).ok ? true : null));
}

/** A copy is byte for byte and header for header the same, by the build and by the manifest; and it takes nothing. */
async function expectCopy(url: string): Promise<void> {
  const client = new HttpClient(new URL(url));
  const [byBuild, byManifest] = [new Report(), new Report()];
  await checkAgainstBuild(client, inputs, { copy: true }, byBuild);
  await checkAgainstManifest(client, site.manifest, { copy: true }, byManifest);
  expect(byBuild.differences).toEqual([]);
  expect(byManifest.differences).toEqual([]);
  expect(byBuild.compared).toBe(byManifest.compared);
  expect(byBuild.compared).toBeGreaterThan(100);
}

async function expectTakesNothing(url: string): Promise<void> {
  for (const path of ["/ru/plain", "/ru/form/alone", "/ru/encrypted", "/ru/nothing"]) {
    const response = await fetch(url + path);
    expect([path, response.status]).toEqual([path, 404]);
    const page = await response.text();
    expect(page).toContain("Здесь только копия");
    expect(page).not.toContain("<form");
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'self'");
  }
  for (const path of ["/ru/submit", "/uploads"]) {
    expect((await fetch(url + path, { method: "POST", body: "x" })).status).toBeGreaterThanOrEqual(400);
  }
  const leave = await fetch(`${url}/ru/leave`, { redirect: "manual" });
  expect([leave.status, leave.headers.get("location")]).toEqual([303, "https://ru.wikipedia.org/"]);
}

it("a host that reads _headers gives the copy as it should be", async () => {
  const host = await staticHost(place);
  await expectCopy(host.url);
  await host.close();
});

describe.runIf(requireTools("a copy behind nginx", "nginx"))("nginx", () => {
  it("gives the copy as it should be, and takes nothing", async () => {
    const port = await freePort();
    const settings = `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}
      http { include /etc/nginx/mime.types; client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
      uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
      server { listen 127.0.0.1:${port}; root ${place}; include ${place}/_nginx.conf; } }`;
    await writeFile(join(folder, "nginx.conf"), settings);
    const url = `http://127.0.0.1:${port}`;
    await start(url, "nginx", "-c", join(folder, "nginx.conf"));
    await expectCopy(url);
    await expectTakesNothing(url);
  });
});

describe.runIf(requireTools("a copy behind Caddy", "caddy"))("Caddy", () => {
  it("gives the copy as it should be, and takes nothing", async () => {
    const port = await freePort();
    const settings = `{\n  admin off\n}\nhttp://127.0.0.1:${port} {\n  root * ${place}\n  import ${place}/_Caddyfile\n}\n`;
    await writeFile(join(folder, "Caddyfile"), settings);
    const url = `http://127.0.0.1:${port}`;
    await start(url, "caddy", "run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile"));
    await expectCopy(url);
    await expectTakesNothing(url);
  });
});
