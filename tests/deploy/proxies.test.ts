import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { poll } from "../support/browsers.js";
import { BOUNDARY, multipart, part } from "../support/raw-request.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LETTER = "Письмо через посредника";

let folder: string;
let portal: ChildProcess;
let log = "";
const running: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-proxy-"));
  await chmod(folder, 0o755);
  await giveStaffKey(folder);
  log = "";
  portal = spawn(process.execPath, [join(ROOT, "dist/cli/main.js"), "serve"], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      POSTERN_LISTEN: `unix:${folder}/portal.sock`,
      POSTERN_MIN_FREE: "0",
      POSTERN_TRUST_PROXY: "yes",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(portal);
  portal.stderr?.on("data", (text) => {
    log += String(text);
  });
  if (portal.stdout !== null) await once(portal.stdout, "data");
  // The proxy's workers run as another user, who is in the portal's group where it is installed.
  await chmod(join(folder, "portal.sock"), 0o666);
  await certify();
});
afterEach(async () => {
  for (const child of running.splice(0).reverse()) {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "close");
  }
  await removeFolder(folder);
});

/** A certificate for this test alone. */
async function certify(): Promise<void> {
  const words =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=portal.example.org";
  execFileSync("openssl", [...words.split(" "), "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")], {
    stdio: "ignore",
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

function ask(
  port: number,
  method: string,
  path: string,
  body: Uint8Array = new Uint8Array(0),
  headers = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      method,
      path,
      rejectUnauthorized: false,
      servername: "portal.example.org",
    };
    const sent = request(
      { ...options, headers: { Host: "portal.example.org", "Content-Length": body.length, ...headers } },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on("error", reject).end(body);
  });
}

/** Starts a proxy and waits until it answers for the portal. */
async function behind(port: number, command: string, ...words: string[]): Promise<void> {
  const child = spawn(command, words, {
    cwd: folder,
    stdio: "ignore",
    env: { PATH: process.env.PATH ?? "", HOME: folder },
  });
  running.push(child);
  await poll("the proxy", async () =>
    (await ask(port, "GET", "/healthz").catch(() => null))?.status === 200 ? true : null,
  );
}

/** What the proxy chooses of HTTP/2 and HTTP/1.1. */
function chosenOf(port: number): string | undefined {
  const words = `s_client -connect 127.0.0.1:${port} -servername portal.example.org -alpn h2,http/1.1`;
  const said = execFileSync("openssl", words.split(" "), { input: "", encoding: "utf8", stdio: "pipe" });
  return /^ALPN protocol: (.*)$/m.exec(said)?.[1];
}

/** What must hold behind any proxy. */
async function expectSafe(port: number): Promise<void> {
  const page = await ask(port, "GET", "/ru/");
  expect(page.status).toBe(200);
  expect(page.headers["strict-transport-security"]).toContain("max-age=");
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(page.headers).not.toHaveProperty("via");
  expect(page.headers.connection).toBe("close");
  expect(page.headers).not.toHaveProperty("alt-svc");
  expect(chosenOf(port)).toBe("http/1.1");
  expect(page.headers.server ?? "nginx").toBe("nginx");
  const document = Buffer.alloc(3_000_000, "canary-proxy-51c8");
  const body = multipart(part('name="message"', LETTER), part('name="documents"; filename="a.pdf"', document));
  const type = { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`, "X-Forwarded-For": "203.0.113.9" };
  const answer = await ask(port, "POST", "/ru/submit", body, type);
  expect(answer.status).toBe(200);
  expect(answer.text).toContain("receipt-code");
  expect(await readdir(join(folder, "data/submissions"))).toHaveLength(1);
  // Neither log nor temporary file of the proxy's holds an address, a path or a letter.
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile() && !each.name.endsWith(".asc"))) {
    const contents = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    for (const canary of ["canary-proxy", "203.0.113.9", "/ru/submit"]) {
      expect(contents.includes(canary), entry.name).toBe(false);
    }
  }
  expect(log).not.toMatch(/127\.0\.0\.1|203\.0\.113/);
}

describe.runIf(requireTools("nginx in front", "nginx", "openssl"))("behind nginx, by deploy/nginx.conf", () => {
  it("letters go through whole, and the proxy keeps nothing", async () => {
    const [tls, plain] = [await freePort(), await freePort()];
    await mkdir(join(folder, "nginx"));
    await mkdir(join(folder, "acme/.well-known/acme-challenge"), { recursive: true });
    await writeFile(join(folder, "acme/.well-known/acme-challenge/token"), "token.thumbprint");
    const text = (await readFile(join(ROOT, "deploy/nginx.conf"), "utf8"))
      .replace(/^user .*;/m, `user ${execFileSync("id", ["-un"], { encoding: "utf8" }).trim()};`)
      .replaceAll("/var/www/acme", `${folder}/acme`)
      .replaceAll("/run/nginx.pid", `${folder}/nginx/nginx.pid`)
      .replaceAll("/var/log/nginx/error.log", `${folder}/nginx/error.log`)
      .replaceAll("/run/postern/portal.sock", `${folder}/portal.sock`)
      .replace("/etc/letsencrypt/live/portal.example.org/fullchain.pem", `${folder}/cert.pem`)
      .replace("/etc/letsencrypt/live/portal.example.org/privkey.pem", `${folder}/key.pem`)
      .replace(/\tlisten \[::\].*\n/g, "")
      .replace("listen 80 ", `listen 127.0.0.1:${plain} `)
      .replace("listen 443 ", `listen 127.0.0.1:${tls} `);
    const path = join(folder, "nginx/nginx.conf");
    await writeFile(path, text);
    execFileSync("nginx", ["-t", "-q", "-p", `${folder}/nginx`, "-c", path]);
    await behind(tls, "nginx", "-p", `${folder}/nginx`, "-c", path, "-g", "daemon off;");
    await expectSafe(tls);
    const answer = await fetch(`http://127.0.0.1:${plain}/ru/`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([301, "https://portal.example.org/ru/"]);
    const challenge = await fetch(`http://127.0.0.1:${plain}/.well-known/acme-challenge/token`, { redirect: "manual" });
    expect([challenge.status, await challenge.text()]).toEqual([200, "token.thumbprint"]);
  });
});

describe.runIf(requireTools("Caddy in front", "caddy", "openssl"))("behind Caddy, by deploy/Caddyfile", () => {
  it("is valid, as Caddy says", () => {
    execFileSync("caddy", ["validate", "--adapter", "caddyfile", "--config", join(ROOT, "deploy/Caddyfile")], {
      stdio: "ignore",
      env: { PATH: process.env.PATH ?? "", HOME: folder },
    });
  });

  it("letters go through whole, and the proxy keeps nothing", async () => {
    const [tls, plain] = [await freePort(), await freePort()];
    const text = (await readFile(join(ROOT, "deploy/Caddyfile"), "utf8"))
      .replace("\tadmin off", `\tadmin off\n\thttp_port ${plain}\n\thttps_port ${tls}\n\tdefault_bind 127.0.0.1`)
      .replaceAll("/run/postern/portal.sock", `${folder}/portal.sock`)
      .replace("portal.example.org {", `portal.example.org {\n\ttls ${folder}/cert.pem ${folder}/key.pem`);
    const path = join(folder, "Caddyfile");
    await writeFile(path, text);
    await behind(tls, "caddy", "run", "--adapter", "caddyfile", "--config", path);
    await expectSafe(tls);
  });
});
