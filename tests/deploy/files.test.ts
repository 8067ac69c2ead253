import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../src/cli/config.js";
import { withSecretFiles } from "../../src/cli/secret-files.js";
import { requireTools } from "../support/tools.js";

const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));
const file = (name: string) => readFileSync(join(DEPLOY, name), "utf8");
/** A file without its comments. */
const lines = (name: string) =>
  file(name)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-deploy-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(requireTools("the systemd unit", "systemd-analyze"))("the systemd unit", () => {
  it("is exposed by at most 1.5, as systemd measures it", () => {
    const words = ["security", "--offline=true", "--no-pager", "--threshold=15", join(DEPLOY, "postern.service")];
    const { status, stdout, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/Overall exposure level for postern\.service: \d/);
  });

  it("of the mail server, which has the network, is exposed by at most 2.5", () => {
    const words = ["security", "--offline=true", "--no-pager", "--threshold=25", join(DEPLOY, "postern-mail.service")];
    const { status, stdout, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
  });

  it("of the relay, which has the network and nothing else, is exposed by at most 1.5", () => {
    const words = ["security", "--offline=true", "--no-pager", "--threshold=15", join(DEPLOY, "postern-relay.service")];
    const { status, stdout, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
    expect(stderr).toBe("");
  });

  it.each(["doctor", "prune", "verify"])(
    "of the timer %s is exposed by at most 5, and read without a fault",
    (name) => {
      const unit = join(DEPLOY, `postern-${name}.service`);
      const words = ["security", "--offline=true", "--no-pager", "--threshold=50", unit];
      const { status, stdout, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
      expect(status, stdout + stderr).toBe(0);
      expect(stderr).toBe("");
    },
  );

  it("would be told if it were exposed by more", () => {
    const words = ["security", "--offline=true", "--no-pager", "--threshold=1", join(DEPLOY, "postern.service")];
    expect(spawnSync("systemd-analyze", words).status).not.toBe(0);
  });
});

describe("the systemd unit, read,", () => {
  it.each([
    "LimitCORE=0",
    "MemorySwapMax=0",
    "PrivateNetwork=yes",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "StateDirectoryMode=0700",
    "User=postern",
  ])("has %s", (line) => {
    expect(lines("postern.service")).toContain(line);
  });

  it.each([
    "LimitCORE=0",
    "MemorySwapMax=0",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
    "InaccessiblePaths=-/run/postern -/run/postern-onion -/run/postern-pickup -/var/lib/postern/staff",
  ])("of the mail server has %s", (line) => {
    expect(lines("postern-mail.service")).toContain(line);
  });

  it("waits longer than the portal takes to finish what is under way", () => {
    for (const unit of ["postern.service", "postern-mail.service"]) {
      const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(file(unit))?.[1]);
      expect(seconds).toBeGreaterThan(readConfig({}).drainSeconds);
    }
  });

  it("has no secret in its environment or arguments: those come as files", () => {
    for (const name of ["postern.service", "postern-notify.conf", "postern-s3.conf", "postern.env.example"]) {
      expect(lines(name).join("\n")).not.toMatch(/(?:SMTP|WEBHOOK|PASS\w*|AWS_SECRET_ACCESS_KEY)=|:\/\/[^/]*:[^/]*@/);
    }
    expect(lines("postern-notify.conf")).toContain("Environment=POSTERN_NOTIFY_SMTP_FILE=%d/smtp");
    expect(lines("postern-s3.conf")).toContain("Environment=AWS_SHARED_CREDENTIALS_FILE=%d/s3");
  });
});

describe("the settings that are given as an example", () => {
  const settings = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/^(POSTERN_\w+)=(.*)$/gm)].map(([, name, value]) => [name ?? "", value ?? ""]),
    );
  it("are all known and go together", () => {
    expect(readConfig(settings(file("postern.env.example")))).toMatchObject({
      listen: { path: "/run/postern/portal.sock" },
      onionListen: { path: "/run/postern-onion/onion.sock" },
      clients: "forwarded",
    });
    const bucket = file("postern.env.example").replaceAll(/^#(?=POSTERN_(?:STORE|S3|SPOOL))/gm, "");
    expect(readConfig(settings(bucket)).store).toMatchObject({ kind: "s3", bucket: "appeals", prefix: "portal/" });
  });

  it("are known where they are commented out as well", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    for (const name of ["receipt.pem", "mailbox.pem"]) {
      writeFileSync(join(folder, name), privateKey.export({ type: "pkcs8", format: "pem" }));
    }
    writeFileSync(join(folder, "relay-secrets"), `${"0a".repeat(32)} # of a relay\n`);
    const other = file("postern.env.example").replace(/^#(POSTERN)/gm, "$1");
    const here = other.replace(/(_FILE=)\/etc\/postern/g, `$1${folder}`);
    expect(readConfig(withSecretFiles(settings(here)))).toMatchObject({
      ways: { addresses: ["https://relay.example.org"] },
      relaySecrets: [Buffer.alloc(32, 0x0a)],
      manifest: "/etc/postern/manifest",
      mail: { listen: { host: "0.0.0.0", port: 25 }, addresses: ["help@example.org"] },
    });
  });
});

describe.runIf(requireTools("Tor's settings", "tor"))("Tor's settings", () => {
  it.each(["torrc", "torrc-pickup"])("are valid, as Tor says: %s", (name) => {
    const words = ["--verify-config", "-f", join(DEPLOY, name), "--DataDirectory", folder];
    const { status, stdout } = spawnSync("tor", words, { encoding: "utf8" });
    expect(status, stdout).toBe(0);
    expect(stdout).toContain("Configuration was valid");
  });

  it.each([
    "HiddenServicePort 80 unix:/run/postern-onion/onion.sock",
    "HiddenServicePoWDefensesEnabled 1",
    "HiddenServiceEnableIntroDoSDefense 1",
    "HiddenServiceExportCircuitID haproxy",
    "HiddenServiceMaxStreams 64",
    "SafeLogging 1",
  ])("have %s", (line) => {
    expect(lines("torrc")).toContain(line);
  });
});

describe("no proxy here keeps an access log or a body", () => {
  it("nginx", () => {
    const found = lines("nginx.conf");
    expect(found.filter((line) => line.startsWith("access_log"))).toEqual(["access_log off;"]);
    expect(found).toContain("proxy_request_buffering off;");
    expect(found).toContain("proxy_buffering off;");
    expect(found).toContain("proxy_max_temp_file_size 0;");
  });

  it("Caddy", () => {
    const log = lines("Caddyfile").filter((line) => /^(?:log|output|format)\b/.test(line));
    // The one of the global options, which is of errors.
    expect(log).toEqual(["log {"]);
    expect(lines("Caddyfile")).toContain("level FATAL");
  });
});

describe("a limit on the connections of one address", () => {
  it("holds in nginx, for connections with a request", () => {
    const found = lines("nginx.conf");
    expect(found).toContain("limit_conn_zone $binary_remote_addr zone=visitors:16m;");
    const limit = Number(/^limit_conn visitors (\d+);$/m.exec(found.join("\n"))?.[1]);
    const all = Number(/^worker_connections (\d+);$/m.exec(found.join("\n"))?.[1]);
    // Each takes a second connection, to the portal.
    expect(limit).toBeLessThanOrEqual(all / 2 / 32);
  });

  it.runIf(requireTools("the firewall's limit", "nft", "unshare", "ip") && process.getuid?.() === 0)(
    "holds in the firewall, for connections without a byte too, and frees their places",
    () => {
      const program = `
        const { createServer, connect } = require("node:net");
        const open = () => new Promise((resolve) => {
          const socket = connect(443, "127.0.0.1");
          socket.once("connect", () => resolve(socket)).once("error", () => resolve(null));
        });
        const openMany = async (count) => {
          const all = [];
          for (let made = 0; made < count; made += 1) all.push(await open());
          return all.filter((each) => each !== null);
        };
        createServer((socket) => socket.on("error", () => {})).listen(443, "127.0.0.1", async () => {
          const first = await openMany(300);
          for (const each of first) each.resetAndDestroy();
          const second = await openMany(10);
          console.log(first.length, second.length);
          process.exit();
        });`;
      const script = `ip link set lo up && nft -f '${join(DEPLOY, "postern.nft")}' && nft -f '${join(DEPLOY, "postern.nft")}' && "$0" -e "$1"`;
      const words = ["-n", "sh", "-c", script, process.execPath, program];
      expect(execFileSync("unshare", words, { encoding: "utf8" }).trim()).toBe("256 10");
    },
  );
});

describe("the containers", () => {
  const compose = parse(file("compose.yaml")) as {
    readonly services: Readonly<Record<"portal" | "proxy" | "tor", Readonly<Record<string, unknown>>>>;
  };
  it.each(["portal", "proxy", "tor"] as const)("keep %s from writing, from more rights and from core dumps", (name) => {
    expect(compose.services[name]).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      ulimits: { core: 0 },
    });
  });

  it("give the portal no network and no root", () => {
    expect(compose.services.portal).toMatchObject({ network_mode: "none", user: "10001:10001" });
    expect(compose.services.portal).not.toHaveProperty("ports");
    expect(compose.services.proxy).toMatchObject({ logging: { driver: "none" } });
    expect(compose.services.tor).toMatchObject({ user: "10003:10003" });
    expect(compose.services.tor).not.toHaveProperty("ports");
  });

  it("are made from images that are named by version and digest, so that each build gets the same", () => {
    const bases = [...file("Dockerfile").matchAll(/^ARG (?:TOR_)?BASE=(.*)$/gm)].map(([, image]) => image);
    expect(bases).toHaveLength(2);
    for (const image of [...bases, compose.services.proxy.image])
      expect(image).toMatch(/^[a-z]+:(?:\d+\.\d+\.\d+|trixie-\d{8})-[a-z-]+@sha256:[0-9a-f]{64}$/);
    const from = lines("Dockerfile").filter((line) => line.startsWith("FROM"));
    expect(from.filter((line) => !/^FROM \$\{(?:TOR_)?BASE\}/.test(line))).toEqual([]);
  });

  it.each([
    ["proxy", "socket:/run/postern"],
    ["tor", "onion:/run/postern-onion"],
  ] as const)("give %s one socket, and no way to the staff's", (name, socket) => {
    const volumes = (service: "portal" | "proxy" | "tor") => compose.services[service].volumes as string[];
    expect(volumes("portal").filter((each) => volumes(name).includes(each))).toEqual([socket]);
    expect(volumes("portal")).toContain("pickup:/run/postern-pickup");
    expect(volumes(name).join()).not.toContain("pickup");
  });

  it("hold the program as it was released, built without npm, and run as nobody in particular", () => {
    const found = lines("Dockerfile");
    expect(found.filter((line) => line.startsWith("USER"))).toEqual(["USER 10003:10003", "USER 10001:10001"]);
    expect(found.join("\n")).not.toMatch(/^ADD|npm|node_modules/m);
  });

  it("are built from a list of what goes in, so that no key, letter or note can", () => {
    const ignored = readFileSync(new URL("../../.dockerignore", import.meta.url), "utf8").split("\n");
    expect(ignored[0]).toBe("*");
    expect(ignored).not.toContain("!keys");
    for (const name of ["data", "staff", "keys", "deploy"]) expect(ignored).not.toContain(`!${name}`);
  });
});

it("every file of deploy/ is looked at here or behind a proxy", () => {
  const known = [
    "Caddyfile",
    "Dockerfile",
    "compose.yaml",
    "nginx.conf",
    ...["doctor", "prune", "verify"].flatMap((name) => [`postern-${name}.service`, `postern-${name}.timer`]),
    "postern-mail.service",
    "postern-notify.conf",
    "postern-onion.conf",
    "postern-pickup.conf",
    "postern-s3.conf",
    "postern-tmpfiles.conf",
    "postern.env.example",
    "postern.nft",
    "postern-relay.env.example",
    "postern-relay.service",
  ];
  expect(readdirSync(DEPLOY).sort()).toEqual([...known, "postern.service", "torrc", "torrc-pickup"].sort());
  expect(execFileSync("git", ["ls-files", "deploy"], { cwd: join(DEPLOY, ".."), encoding: "utf8" })).not.toContain(
    "secret",
  );
});
