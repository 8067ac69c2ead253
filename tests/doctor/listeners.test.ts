import { chmod, chown, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkConnectionLimits } from "../../src/doctor/connection-limits.js";
import {
  type Address,
  type Clients,
  checkListenersApart,
  checkToldApart,
  type Listeners,
  leadsTo,
} from "../../src/doctor/listeners.js";
import { Machine } from "../../src/doctor/machine.js";
import { removeFolder } from "../support/temporary.js";

const PORTAL = { path: "/run/postern/portal.sock" };
const ONION = { path: "/run/postern-onion/onion.sock" };
const PICKUP = { path: "/run/postern-pickup/pickup.sock" };
const WITH_ONION: Listeners = { listen: PORTAL, onionListen: ONION, pickupListen: PICKUP, clients: "forwarded" };

let root: string;
let machine: Machine;
const servers: Server[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-listeners-"));
  machine = new Machine(root);
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await removeFolder(root);
});

async function have(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const said = (results: readonly { readonly level: string; readonly message: string }[]) =>
  results.map(({ level, message }) => (level === "ok" ? level : `${level}: ${message}`));
const nginx = (target: string, more = "") =>
  `http { ${more}\nserver { location / { proxy_pass http://${target}; } } }\n`;
const caddy = (target: string, more = "") => `example.org {\n\treverse_proxy ${target} {\n\t\t${more}\n\t}\n}\n`;
const torrc = (target: string, ...more: readonly string[]) =>
  ["HiddenServiceDir /var/lib/tor/x", `HiddenServicePort 80 ${target}`, ...more, ""].join("\n");
const NAMED = "proxy_set_header X-Forwarded-For $remote_addr;";
const EXPORT = "HiddenServiceExportCircuitID haproxy";

describe("where a proxy leads", () => {
  it.each<[statement: string, address: Address, leads: boolean]>([
    ["proxy_pass http://unix:/run/postern/portal.sock:", PORTAL, true],
    ["server unix:/run/postern/portal.sock fail_timeout=0", PORTAL, true],
    ["reverse_proxy unix//run/postern/portal.sock {", PORTAL, true],
    ["HiddenServicePort 80 unix:/run/postern/portal.sock", PORTAL, true],
    ["HiddenServicePort 80 unix:/run/postern/portal.sock2", PORTAL, false],
    ["HiddenServicePort 80 unix:/srv/run/postern/portal.sock", PORTAL, false],
    ["proxy_pass http://127.0.0.1:8080", { host: "127.0.0.1", port: 8080 }, true],
    ["reverse_proxy localhost:8080", { host: "127.0.0.1", port: 8080 }, true],
    ["proxy_pass http://127.0.0.1:80801", { host: "127.0.0.1", port: 8080 }, false],
    ["proxy_pass http://[fd00::1]:8080/", { host: "[fd00::1]", port: 8080 }, true],
  ])("%s to %j: %s", (statement, address, leads) => {
    expect(leadsTo([statement], address)).toBe(leads);
  });
});

describe("visitors are told apart", () => {
  const SOCK = "unix:/run/postern/portal.sock";
  const OK = ["ok"];
  it.each<[what: string, clients: Clients, onion: Address | null, files: Record<string, string>, found: unknown[]]>([
    ["Tor alone, with a PROXY line", "proxy_protocol", null, { "/etc/tor/torrc": torrc(SOCK, EXPORT) }, OK],
    ["Tor alone, without one", "proxy_protocol", null, { "/etc/tor/torrc": torrc(SOCK) }, [/^fault.*nobody gets/]],
    [
      "Tor's line, which is not expected",
      "forwarded",
      null,
      { "/etc/tor/torrc": torrc(SOCK, EXPORT) },
      [/^fault.*PROXY/],
    ],
    ["Tor to what trusts a header", "forwarded", null, { "/etc/tor/torrc": torrc(SOCK) }, [/^fault.*forge/]],
    ["Tor to a bare socket", "socket", null, { "/etc/tor/torrc": torrc(SOCK) }, [/^warning.*share one limit/]],
    ["nginx, whose header is trusted", "forwarded", null, { "/etc/nginx/nginx.conf": nginx(`${SOCK}:`, NAMED) }, OK],
    [
      "nginx, which passes on a visitor's own header",
      "forwarded",
      null,
      { "/etc/nginx/nginx.conf": nginx(`${SOCK}:`) },
      [/^fault.*forge/],
    ],
    [
      "nginx, which asks the visitor",
      "forwarded",
      null,
      { "/etc/nginx/nginx.conf": nginx(`${SOCK}:`, "proxy_set_header X-Forwarded-For $http_x_real_ip;") },
      [/^fault.*forge/],
    ],
    ["Caddy, whose header is trusted", "forwarded", null, { "/etc/caddy/Caddyfile": caddy(`unix/${PORTAL.path}`) }, OK],
    [
      "Caddy, which takes it away",
      "forwarded",
      null,
      { "/etc/caddy/Caddyfile": caddy(`unix/${PORTAL.path}`, "header_up -X-Forwarded-For") },
      [/^fault.*forge/],
    ],
    [
      "Caddy, which writes the address",
      "forwarded",
      null,
      { "/etc/caddy/Caddyfile": caddy(`unix/${PORTAL.path}`, "header_up X-Forwarded-For {remote_host}") },
      OK,
    ],
    ["nginx, whose header is not", "socket", null, { "/etc/nginx/nginx.conf": nginx(`${SOCK}:`) }, [/^fault.*are one/]],
    [
      "nginx without a PROXY line",
      "proxy_protocol",
      null,
      { "/etc/nginx/nginx.conf": nginx(`${SOCK}:`) },
      [/^fault.*no PROXY line/],
    ],
    [
      "Caddy without a PROXY line",
      "proxy_protocol",
      null,
      { "/etc/caddy/Caddyfile": caddy(`unix/${PORTAL.path}`) },
      [/^fault.*no PROXY line/],
    ],
    [
      "Caddy with one",
      "proxy_protocol",
      null,
      { "/etc/caddy/Caddyfile": caddy(`unix/${PORTAL.path}`, "transport http {\n\t\t\tproxy_protocol v1\n\t\t}") },
      OK,
    ],
    [
      "both, each with its listener",
      "forwarded",
      ONION,
      { "/etc/tor/torrc": torrc(`unix:${ONION.path}`, EXPORT), "/etc/nginx/nginx.conf": nginx(`${SOCK}:`, NAMED) },
      OK,
    ],
    [
      "Tor without a line at the onion's listener",
      "forwarded",
      ONION,
      { "/etc/tor/torrc": torrc(`unix:${ONION.path}`) },
      [/^fault.*nobody gets/],
    ],
    [
      "nginx at the onion's listener",
      "forwarded",
      ONION,
      { "/etc/nginx/nginx.conf": nginx(`unix:${ONION.path}:`) },
      [/^fault.*for Tor/],
    ],
    [
      "one service of two, and another program's",
      "forwarded",
      ONION,
      { "/etc/tor/torrc": torrc(`unix:${ONION.path}`, EXPORT) + torrc("127.0.0.1:22") + torrc(SOCK) },
      [/^fault.*forge/],
    ],
    ["no proxy at all", "socket", null, {}, OK],
  ])("%s", async (_what, clients, onionListen, files, found) => {
    await have(files);
    const listeners = { listen: PORTAL, onionListen, pickupListen: null, clients };
    const results = said(await checkToldApart(machine, [], listeners));
    expect(results).toHaveLength(found.length);
    for (const [index, expected] of found.entries()) expect(results[index]).toMatch(expected as RegExp | string);
  });
});

describe("connections are limited", () => {
  const COUNT =
    "table inet x {\n  chain input {\n    tcp dport 443 add @a { ip saddr ct count over 256 } reject\n  }\n}\n";
  const limits = async (...configs: readonly string[]) =>
    said(await checkConnectionLimits(machine, configs, WITH_ONION));

  it("for an address of the clear net by the firewall, and by nginx", async () => {
    await have({ "/etc/nginx/nginx.conf": nginx(`unix:${PORTAL.path}:`) });
    expect(await limits()).toEqual([
      expect.stringMatching(/^warning.*nginx does not/),
      expect.stringMatching(/^warning.*nftables/),
    ]);
    await have({
      "/etc/nginx/nginx.conf": nginx(`unix:${PORTAL.path}:`, "include limits/*.conf;"),
      "/etc/nginx/limits/a.conf": "limit_conn visitors 256;",
      "/etc/nftables.conf": 'include "/etc/postern/*.nft"\ninclude "/etc/nftables.conf"\n',
      "/etc/postern/postern.nft": `# ct count over 1\n${COUNT}`,
    });
    expect(await limits()).toEqual(["ok"]);
    await have({ "/etc/postern/postern.nft": "# ct count over 256\n" });
    expect(await limits()).toEqual([expect.stringMatching(/^warning.*nftables/)]);
  });

  it("for Caddy by the firewall alone", async () => {
    await have({ "/etc/caddy/Caddyfile": caddy(`unix/${PORTAL.path}`) });
    expect(await limits()).toEqual([expect.stringMatching(/^warning.*nftables/)]);
    await have({ "/etc/nftables.conf": COUNT });
    expect(await limits()).toEqual(["ok"]);
  });

  it("for a circuit by Tor, in each service of ours", async () => {
    const [streams, close] = ["HiddenServiceMaxStreams 64", "HiddenServiceMaxStreamsCloseCircuit 1"];
    const to = `unix:${ONION.path}`;
    for (const more of [[], [streams], [close], ["HiddenServiceMaxStreams 0", close]]) {
      await have({ "/etc/tor/torrc": torrc(to, ...more) + torrc("127.0.0.1:22", streams, close) });
      expect(await limits()).toEqual([expect.stringMatching(/^warning.*Tor does not limit/)]);
    }
    await have({ "/etc/tor/torrc": torrc("127.0.0.1:22") + torrc(to, streams, close) });
    expect(await limits()).toEqual(["ok"]);
  });
});

describe("what serves strangers cannot reach the staff's pages", () => {
  const socketAt = async (path: string, mode = 0o660): Promise<{ readonly path: string }> => {
    await mkdir(dirname(path), { recursive: true });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    servers.push(server);
    await chmod(path, mode);
    return { path };
  };
  const apart = async (more: Partial<Listeners>) =>
    said(await checkListenersApart(machine, [], { ...WITH_ONION, onionListen: null, ...more }));

  it("is not asked while they are off", async () => {
    expect(await apart({ pickupListen: null })).toEqual(["ok"]);
  });

  it("by a port they can", async () => {
    expect(await apart({ pickupListen: { host: "127.0.0.1", port: 8081 } })).toEqual([
      expect.stringMatching(/^warning.*port/),
    ]);
  });

  it("by one folder they can", async () => {
    const listen = await socketAt(join(root, "a/portal.sock"));
    const pickupListen = await socketAt(join(root, "a/pickup.sock"));
    expect(await apart({ listen, pickupListen })).toEqual([expect.stringMatching(/^fault.*share a folder/)]);
    const onionListen = listen;
    expect(await apart({ listen: { host: "127.0.0.1", port: 1 }, onionListen, pickupListen })).toHaveLength(1);
  });

  it("by one group they can, and by a socket that is open to all", async () => {
    const listen = await socketAt(join(root, "a/portal.sock"));
    const pickupListen = await socketAt(join(root, "b/pickup.sock"), 0o666);
    expect(await apart({ listen, pickupListen })).toEqual([
      expect.stringMatching(/^fault.*one group/),
      expect.stringMatching(/^fault.*open to everybody/),
    ]);
    await chmod(pickupListen.path, 0o600);
    expect(await apart({ listen, pickupListen })).toEqual(["ok"]);
    expect(await apart({ listen, pickupListen: { path: join(root, "b/none.sock") } })).toEqual([
      expect.stringMatching(/^warning.*no socket/),
    ]);
  });

  it.runIf(process.getuid?.() === 0)("by separate groups they cannot", async () => {
    const listen = await socketAt(join(root, "a/portal.sock"));
    const pickupListen = await socketAt(join(root, "b/pickup.sock"));
    await chown(pickupListen.path, 0, 12_345);
    expect(await apart({ listen, pickupListen })).toEqual(["ok"]);
  });

  it("by one Tor for both they may", async () => {
    await have({ "/etc/tor/torrc": torrc(`unix:${PORTAL.path}`) + torrc("unix:/run/none/pickup.sock") });
    const found = await apart({ pickupListen: { path: "/run/none/pickup.sock" } });
    expect(found[0]).toMatch(/^warning.*both strangers and staff/);
  });
});

describe("the files in deploy/", () => {
  const deploy = new Machine(new URL("../../deploy/", import.meta.url).pathname);

  it.each(["torrc", "torrc-pickup", "nginx.conf", "Caddyfile"])("%s goes with postern.env.example", async (name) => {
    const configs = [`/${name}`];
    expect(said(await checkToldApart(deploy, configs, WITH_ONION))).toEqual(["ok"]);
    // The firewall's settings are of the machine.
    const limits = said(await checkConnectionLimits(deploy, configs, WITH_ONION));
    expect(limits.filter((each) => !each.includes("nftables"))).toEqual(
      name === "nginx.conf" || name === "Caddyfile" ? [] : ["ok"],
    );
    const env = await readFile(new URL("../../deploy/postern.env.example", import.meta.url), "utf8");
    expect(env).toMatch(/^POSTERN_LISTEN=unix:\/run\/postern\/portal\.sock$/m);
    expect(env).toMatch(/^POSTERN_ONION_LISTEN=unix:\/run\/postern-onion\/onion\.sock$/m);
    expect(env).toMatch(/^POSTERN_TRUST_PROXY=yes$/m);
  });
});
