import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createKeyPair } from "../../src/desk/index.js";
import { type CommandResult, postern, type RunningPortal, servePortal } from "../support/command.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

let cwd: string;
let portal: RunningPortal;
const servers: Server[] = [];

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-doctor-"));
  await giveStaffKey(cwd);
  await writeFile(join(cwd, "proxy.torrc"), "SafeLogging 1\n");
  portal = await servePortal({ cwd });
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(async () => {
  await portal.kill("SIGTERM");
  await removeFolder(cwd);
});

const doctor = (words: readonly string[] = [], env: Record<string, string> = {}): Promise<CommandResult> =>
  postern(["doctor", "--proxy-config", join(cwd, "proxy.torrc"), ...words], {
    cwd,
    env: { POSTERN_LISTEN: new URL(portal.url).host, POSTERN_MIN_FREE: "0", POSTERN_MAX_SUBMISSION: "64KiB", ...env },
  });
const faults = ({ stdout }: CommandResult) =>
  stdout.split("\n").flatMap((line) => (line.startsWith("fault") ? [line.slice(9)] : []));

/** A proxy in front that changes what comes back. */
async function meddling(change: (headers: Record<string, unknown>) => Record<string, unknown>): Promise<string> {
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked;
    const passed = request(portal.url + url, { method: method ?? "GET", headers }, (come) => {
      answer.writeHead(come.statusCode ?? 500, change(come.headers) as Record<string, string>);
      come.pipe(answer);
    });
    asked.pipe(passed);
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe("postern doctor", () => {
  it("finds no fault in a portal that is as it should be, here and from outside", async () => {
    const result = await doctor([portal.url]);
    expect(faults(result)).toEqual([]);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toMatch(/^ok {7}certificates: 1 usable certificate/m);
    expect(result.stdout).toMatch(/^ok {7}portal: .* accepts submissions$/m);
    expect(result.stdout).toMatch(/^ok {7}outside: .* headers are the portal's own$/m);
    expect(result.stdout).toMatch(/^ok {7}narrow networks: /m);
  });

  it("told to be strict, it ends with 1 for a warning too", async () => {
    await writeFile(
      join(cwd, "proxy.torrc"),
      `SafeLogging 1\nHiddenServiceDir /x\nHiddenServicePort 80 ${new URL(portal.url).host}\n`,
    );
    const result = await doctor();
    await writeFile(join(cwd, "proxy.torrc"), "SafeLogging 1\n");
    expect(result.stdout).toMatch(/^warning /m);
    expect(result.code, result.stderr).toBe(0);
    const strict = await doctor(["--strict"]);
    expect(strict.code).toBe(1);
    expect(strict.stderr).toMatch(/found \d+ warnings? to fix/);
  });

  it("asks a portal behind a PROXY line as the proxy would", async () => {
    const behind = await servePortal({ cwd, env: { POSTERN_PROXY_PROTOCOL: "yes" } });
    const env = { POSTERN_PROXY_PROTOCOL: "yes", POSTERN_LISTEN: new URL(behind.url).host };
    const result = await doctor([], env).finally(() => behind.kill("SIGTERM"));
    expect(faults(result)).toEqual([]);
    expect(result.stdout).toMatch(/^ok {7}portal: .* accepts submissions$/m);
  });

  it("says that the portal does not run, and how to fix it, and ends with 1", async () => {
    const result = await doctor([], { POSTERN_LISTEN: "127.0.0.1:1" });
    expect(result.code).toBe(1);
    expect(faults(result).join("\n")).toContain("does not answer (ECONNREFUSED)");
    expect(result.stdout).toContain("to fix it: start the portal");
  });

  it.each<[what: string, change: (headers: Record<string, unknown>) => Record<string, unknown>, found: string]>([
    ["drops a header", ({ "content-security-policy": _, ...rest }) => rest, "content-security-policy is missing"],
    [
      "weakens a header",
      (headers) => ({ ...headers, "content-security-policy": "default-src *" }),
      "content-security-policy is not the portal's own",
    ],
    ["sets a cookie", (headers) => ({ ...headers, "set-cookie": "visitor=1" }), "set-cookie is added"],
  ])("finds a proxy that %s", async (_what, change, found) => {
    const result = await doctor([await meddling(change)]);
    expect(result.code).toBe(1);
    expect(faults(result).join("\n")).toContain(found);
  });

  it("warns of a proxy that names itself, which is no fault", async () => {
    const result = await doctor([await meddling((headers) => ({ ...headers, via: "1.1 proxy" }))]);
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^warning {2}outside: .* via is added/m);
  });

  it.each([
    ["keeps connections", { connection: "keep-alive" }, "connections stay open after an answer"],
    ["offers HTTP/3", { "alt-svc": 'h3=":443"; ma=2592000' }, "HTTP/3 is offered"],
    ["makes answers longer", { "x-padding": "x".repeat(9_000) }, "takes \\d{4,} bytes"],
  ])("warns of a proxy that %s, for networks that silence connections", async (_what, added, found) => {
    const result = await doctor([await meddling((headers) => ({ ...headers, ...added }))]);
    expect(result.stdout).toMatch(new RegExp(`^warning {2}narrow networks: .*${found}`, "m"));
  });

  it("finds a store that others can read, and says the command that closes it", async () => {
    await chmod(join(cwd, "data"), 0o755);
    const result = await doctor();
    await chmod(join(cwd, "data"), 0o700);
    expect(faults(result).join("\n")).toContain("is open to other users (755)");
    expect(result.stdout).toContain(`to fix it: chmod go= ${join(cwd, "data")}`);
  });

  it("finds the one letter among many that others can read", async () => {
    const folder = join(cwd, "data/submissions");
    for (const name of ["a.gpg", "b.gpg", "c.gpg"]) await writeFile(join(folder, name), "", { mode: 0o600 });
    await chmod(join(folder, "b.gpg"), 0o644);
    const result = await doctor();
    expect(faults(result)).toContainEqual(expect.stringMatching(/submissions\/b\.gpg is open to other users \(644\)$/));
    await chmod(join(folder, "c.gpg"), 0o640);
    const both = await doctor();
    for (const name of ["a.gpg", "b.gpg", "c.gpg"]) await rm(join(folder, name));
    expect(faults(both)).toContainEqual(
      expect.stringMatching(/b\.gpg is open to other users \(644\), and 1 more likewise$/),
    );
    expect(both.stdout).toContain(`to fix it: chmod -R go= ${join(cwd, "data")}`);
  });

  it.runIf(requireTools("a certificate of one's own", "openssl"))(
    "says of a TLS certificate that nobody knows what mends it, and not to start the portal",
    async () => {
      const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=portal.example.org";
      const [key, cert] = [join(cwd, "tls-key.pem"), join(cwd, "tls.pem")];
      execFileSync("openssl", [...words.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
      const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, answer) => answer.end());
      servers.push(server.listen(0, "127.0.0.1"));
      await once(server, "listening");
      const result = await doctor([`https://127.0.0.1:${(server.address() as AddressInfo).port}/`]);
      expect(faults(result)).toContainEqual(
        expect.stringMatching(/does not answer \((?:DEPTH_ZERO_)?SELF_SIGNED_CERT/),
      );
      expect(result.stdout).toContain("to fix it: give the proxy a TLS certificate for this name");
      expect(result.stdout).not.toContain("to fix it: start the portal");
      expect(result.stdout).not.toContain("run postern doctor as root");
    },
  );

  it("finds that the portal's form does not send as the settings say, by a key that everybody can read", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const path = join(cwd, "receipt.pem");
    await writeFile(path, privateKey.export({ type: "pkcs8", format: "pem" }));
    await chmod(path, 0o644);
    const onion = `http://${"a".repeat(56)}.onion`;
    const result = await doctor([], { POSTERN_RELAYS: onion, POSTERN_RECEIPT_KEY_FILE: path });
    await rm(path);
    expect(faults(result)).toEqual([
      `secrets: ${path} is open to other users (644)`,
      "relays: the offline form that the portal gives out has other addresses or keys than these settings",
    ]);
    expect(result.stdout).toContain(`ok       relays: ${onion} was not asked; --socks asks it through Tor`);
    expect(result.stdout).toMatch(/^warning {2}relays: POSTERN_RELAYS names one address/m);
  });

  it("finds a secret key where none may be", async () => {
    const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e7 });
    await writeFile(join(cwd, "data/forgotten.txt"), pair.secretKey, { mode: 0o600 });
    const result = await doctor();
    await rm(join(cwd, "data/forgotten.txt"));
    expect(faults(result).join("\n")).toContain("data/forgotten.txt holds a secret key");
  });

  it("finds that there is too little room", async () => {
    const result = await doctor([], { POSTERN_MIN_FREE: "900TiB" });
    expect(faults(result).join("\n")).toContain("the portal refuses submissions below");
  });

  it("finds a clock that is not another's", async () => {
    const wrong = await meddling((headers) => ({ ...headers, date: "Mon, 01 Jan 2024 00:00:00 GMT" }));
    expect(faults(await doctor(["--clock", wrong])).join("\n")).toMatch(/minutes apart/);
  });

  it("says plainly what is no address", async () => {
    const result = await doctor(["portal.example.org"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("expected an address that begins with https:// or http://");
  });
});
