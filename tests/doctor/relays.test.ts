import { chmod, chown, mkdtemp, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Machine } from "../../src/doctor/machine.js";
import { checkRelays, type Way } from "../../src/doctor/relays.js";
import { checkSecretFiles } from "../../src/doctor/secret-files.js";
import { checkWayKeys } from "../../src/doctor/way-keys.js";
import { HttpClient } from "../../src/http-client/index.js";
import type { Ways } from "../../src/server/index.js";
import { readMailboxKey, readReceiptKey } from "../../src/server/portal-keys/index.js";
import { closeNow, listenLocally } from "../support/loopback.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";
import { honestRelay, makeMailboxKey, makeReceiptKey } from "../support/ways.js";

const NOW = new Date();
const ways: Ways = {
  addresses: ["https://relay.example.org", "https://other.example.net"],
  key: makeReceiptKey(),
  mailboxKey: makeMailboxKey(),
};

let portal: TestPortal;
let relay: string;
const closing: (() => Promise<unknown>)[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  portal = await startTestPortal({ config: { ways } });
  const honest = await honestRelay(portal.url);
  closing.push(portal.stop, honest.close);
  relay = await proxied(honest.url, ({ "keep-alive": _, ...headers }) => ({ ...headers, connection: "close" }));
  closing.push(...servers.splice(0).map((server) => () => closeNow(server)));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await closeNow(server);
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

type Headers = Record<string, unknown>;

/** What a proxy in front of `target` makes of its answers. */
async function proxied(target: string, change: (headers: Headers) => Headers, body?: string): Promise<string> {
  const server = createServer((asked, answer) => {
    const passed = request(target + asked.url, { headers: asked.headers }, async (come) => {
      const headers = change(come.headers);
      answer.writeHead(come.statusCode ?? 500, headers as Record<string, string>);
      if (body === undefined) come.pipe(answer);
      else answer.end(body);
    });
    asked.pipe(passed);
  });
  servers.push(server);
  return listenLocally(server);
}

const way = (url: string, outOfReach = false): Way => ({
  client: new HttpClient(new URL(url)),
  shakeHands: null,
  outOfReach,
});

async function check(...all: readonly Way[]): Promise<string[]> {
  const results = await checkRelays(new HttpClient(new URL(portal.url)), all, NOW);
  return results.map(({ level, message }) => `${level}: ${message}`);
}

describe("the addresses that an offline form sends through", () => {
  it("are in order where they are relays to this portal, or the portal itself", async () => {
    expect(await check(way(relay), way(portal.url))).toEqual([
      `ok: ${relay} is a relay to this portal`,
      `ok: ${portal.url} is this portal`,
    ]);
  });

  it("are not said to fail where they are onion services, and there is no Tor to ask them through", async () => {
    const onion = `http://${"a".repeat(56)}.onion`;
    expect(await check(way(onion, true), way(relay))).toContain(
      `ok: ${onion} was not asked; --socks asks it through Tor`,
    );
  });

  it("are a warning where one does not answer, and a fault where none does", async () => {
    const dead = "http://127.0.0.1:1";
    const warning = `warning: ${dead} does not answer (ECONNREFUSED)`;
    expect(await check(way(dead), way(relay))).toEqual([warning, `ok: ${relay} is a relay to this portal`]);
    expect(await check(way(dead), way(dead))).toContain(
      "fault: no address of POSTERN_RELAYS leads to this portal: the form sends nothing",
    );
  });

  it("are a warning where there is one only", async () => {
    expect((await check(way(relay))).join()).toContain("whoever runs it can hold back every letter");
  });

  it("are a warning where a relay does not reach its portal", async () => {
    const lost = await honestRelay("http://127.0.0.1:1");
    const found = await check(way(lost.url), way(relay));
    await lost.close();
    expect(found).toContain(`warning: ${lost.url} answers 502 in place of this portal's certificates`);
  });

  const closes = (headers: Headers) => ({ ...headers, connection: "close" });
  it.each<[what: string, change: (headers: Headers) => Headers, found: string, body?: string]>([
    ["leads to another portal", closes, "fault: URL leads to another portal, or changes certificates", "{}"],
    [
      "lets no page ask",
      ({ "access-control-allow-origin": _, ...headers }) => closes(headers),
      "fault: URL: pages may not ask it: access-control-allow-origin is missing",
    ],
    [
      "weakens a header",
      (headers) => closes({ ...headers, "content-security-policy": "default-src *" }),
      "fault: URL: content-security-policy is not a relay's own",
    ],
    ["sets a cookie", (headers) => closes({ ...headers, "set-cookie": "visitor=1" }), "fault: URL sets a cookie"],
    ["keeps connections", (headers) => headers, "warning: URL: connections stay open after an answer"],
    ["offers HTTP/3", (headers) => closes({ ...headers, "alt-svc": 'h3=":443"' }), "warning: URL: HTTP/3 is offered"],
  ])("are found out where one %s", async (_what, change, found, body) => {
    const honest = await honestRelay(portal.url);
    const url = await proxied(honest.url, change, body);
    const results = await check(way(url), way(relay));
    await honest.close();
    expect(results).toEqual([found.replace("URL", url), `ok: ${relay} is a relay to this portal`]);
  });

  it("are a warning where one offers HTTP/2", async () => {
    const modern = { ...way(relay), shakeHands: async () => ({ protocol: "h2", bytes: 3_000 }) };
    expect(await check(modern, way(portal.url))).toContain(`warning: ${relay}: HTTP/2 is offered`);
  });
});

describe("the keys of an offline form that sends", () => {
  async function found(known: Ways): Promise<string> {
    const results = await checkWayKeys(new HttpClient(new URL(portal.url)), known, "ru");
    return results.map(({ level, message }) => `${level}: ${message}`).join("\n");
  }

  it("are in order where the portal's form has them", async () => {
    expect(await found(ways)).toBe("ok: the offline form sends and reads answers");
  });

  it.each([
    ["addresses", { ...ways, addresses: [...ways.addresses, "https://third.example"] }],
    ["receipt key", { ...ways, key: makeReceiptKey() }],
    ["mailbox key", { ...ways, mailboxKey: makeMailboxKey() }],
  ])("are a fault where the portal's form has other %s", async (_what, known) => {
    expect(await found(known)).toContain(
      "fault: the offline form that the portal gives out has other addresses or keys",
    );
  });

  it("are a fault where the portal has a public half only, or one key for both", async () => {
    const pem = (spki: string) => `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
    expect(await found({ ...ways, key: readReceiptKey(pem(ways.key.spki)) })).toBe(
      "fault: POSTERN_RECEIPT_KEY holds a public half only: the portal does not start",
    );
    const mailboxKey = readMailboxKey(pem(ways.mailboxKey?.spki ?? ""));
    expect(await found({ ...ways, mailboxKey })).toBe(
      "fault: POSTERN_MAILBOX_KEY holds a public half only: the portal does not start",
    );
    const same = await found({ ...ways, mailboxKey: readMailboxKey(pem(ways.key.spki)) });
    expect(same).toContain("fault: POSTERN_MAILBOX_KEY is the key of POSTERN_RECEIPT_KEY");
  });
});

describe.runIf(process.geteuid?.() === 0)("files with secrets", () => {
  const PORTAL = 64_120;
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "postern-secret-files-"));
    await writeFile(join(root, "store"), "");
    await chown(join(root, "store"), PORTAL, PORTAL);
  });
  afterAll(() => removeFolder(root));

  async function levels(mode: number, user: number, group: number): Promise<string> {
    const path = join(root, "receipt.pem");
    await writeFile(path, "");
    await chown(path, user, group);
    await chmod(path, mode);
    const results = await checkSecretFiles(new Machine(root), ["/receipt.pem"], "/store");
    return results.map(({ level, message }) => `${level}: ${message}`).join();
  }

  it.each([
    [0o600, 0, 0],
    [0o640, 0, 0],
    [0o640, 0, PORTAL],
    [0o400, PORTAL, PORTAL],
  ])("are in order where only root and the portal read them: %o", async (mode, user, group) => {
    expect(await levels(mode, user, group)).toMatch(/^ok: /);
  });

  it.each([
    [0o644, 0, 0, "fault: /receipt.pem is open to other users (644)"],
    [0o640, 0, 5, "fault: /receipt.pem is open to group 5 (640)"],
    [0o600, 5, 0, "fault: /receipt.pem belongs to user 5"],
  ])("are a fault where others read them: %o", async (mode, user, group, message) => {
    expect(await levels(mode, user, group)).toBe(message);
  });

  it("are a fault where there is none", async () => {
    const [found] = await checkSecretFiles(new Machine(root), ["/none.pem"], "/store");
    expect(found).toMatchObject({ level: "fault", message: "there is no /none.pem" });
  });
});
