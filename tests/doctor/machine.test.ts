import { chmod, chown, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkCoreDumps } from "../../src/doctor/core-dumps.js";
import { checkStoreDisk, checkSwap } from "../../src/doctor/encryption.js";
import { checkJournal } from "../../src/doctor/journal.js";
import { Machine } from "../../src/doctor/machine.js";
import { checkProgram } from "../../src/doctor/program.js";
import { checkProxyLogs } from "../../src/doctor/proxy-logs.js";
import { removeFolder } from "../support/temporary.js";

let root: string;
let machine: Machine;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-machine-"));
  machine = new Machine(root);
});
afterEach(() => removeFolder(root));

/** Files of a machine, by path. */
async function have(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const levels = (results: readonly { readonly level: string }[]) => results.map(({ level }) => level);
/** nginx with neither log. */
const QUIET = "access_log off; error_log /var/log/nginx/error.log emerg;";
const SWAPS = "Filename\tType\tSize\tUsed\tPriority\n";

describe("swap", () => {
  it("is well where there is none", async () => {
    await have({ "/proc/swaps": SWAPS });
    expect(levels(await checkSwap(machine))).toEqual(["ok"]);
  });

  it("is a fault on a bare partition, and well on an encrypted one and in memory", async () => {
    await have({
      "/proc/swaps": `${SWAPS}/dev/sda2\tpartition\t1\t0\t-2\n`,
      "/sys/class/block/sda2/partition": "2\n",
    });
    expect(levels(await checkSwap(machine))).toEqual(["fault"]);
    await have({
      "/proc/swaps": `${SWAPS}/dev/dm-1\tpartition\t1\t0\t-2\n/dev/zram0\tpartition\t1\t0\t-3\n`,
      "/sys/class/block/dm-1/dm/uuid": "CRYPT-PLAIN-swap\n",
    });
    expect(levels(await checkSwap(machine))).toEqual(["ok"]);
  });
});

describe("the store's disk", () => {
  it("must not be memory", async () => {
    await have({ "/proc/self/mountinfo": "1 0 0:30 / / rw - tmpfs tmpfs rw\n" });
    expect(levels(await checkStoreDisk(machine, "/data"))).toEqual(["fault"]);
  });

  it("is not taken for encrypted where one cannot tell", async () => {
    expect(levels(await checkStoreDisk(machine, "/data"))).toEqual(["warning"]);
  });
});

describe("core dumps", () => {
  const process = (limit: string) => ({
    "/proc/sys/kernel/core_pattern": "core\n",
    "/proc/77/cmdline": "/usr/bin/node\0/opt/postern/dist/cli/main.js\0serve\0",
    "/proc/77/limits": `Limit Soft Hard Units\nMax core file size        ${limit}                    ${limit}            bytes\n`,
  });
  it("are a fault where the portal may leave one, and well where it may not", async () => {
    await have(process("unlimited"));
    expect(levels(await checkCoreDumps(machine))).toEqual(["fault"]);
    await have(process("0"));
    expect(levels(await checkCoreDumps(machine))).toEqual(["ok"]);
  });

  it.each([
    ["|/bin/false", ["ok"]],
    ["|/usr/bin/false", ["ok"]],
    ["|/usr/lib/keeps-dumps %P", ["warning"]],
  ])("given to %s", async (pattern, expected) => {
    await have({ ...process("0"), "/proc/sys/kernel/core_pattern": `${pattern}\n` });
    expect(levels(await checkCoreDumps(machine))).toEqual(expected);
  });

  it("are not known where no portal runs", async () => {
    await have({ "/proc/sys/kernel/core_pattern": "core\n" });
    expect(levels(await checkCoreDumps(machine))).toEqual(["warning"]);
  });
});

describe("the journal", () => {
  const JOURNALD = { "/run/systemd/journal/socket": "" };
  const conf = (storage: string) => `[Journal]\n#Storage=none\nStorage=${storage}\n`;
  it.each<[what: string, files: Readonly<Record<string, string>>, expected: readonly string[]]>([
    ["not there", {}, ["ok"]],
    ["by Debian's defaults, without a folder for it", JOURNALD, ["ok"]],
    ["by Debian's defaults, with one", { ...JOURNALD, "/var/log/journal/1/system.journal": "" }, ["warning"]],
    ["persistent", { ...JOURNALD, "/etc/systemd/journald.conf": conf("persistent") }, ["warning"]],
    [
      "volatile, whatever lies there of earlier days",
      { ...JOURNALD, "/etc/systemd/journald.conf": conf("volatile"), "/var/log/journal/1/system.journal": "" },
      ["ok"],
    ],
    [
      "volatile, and a file beside says otherwise",
      {
        ...JOURNALD,
        "/etc/systemd/journald.conf": conf("volatile"),
        "/etc/systemd/journald.conf.d/9.conf": conf("persistent"),
      },
      ["warning"],
    ],
    ["copied by rsyslog", { ...JOURNALD, "/etc/rsyslog.conf": "" }, ["warning"]],
  ])("%s", async (_what, files, expected) => {
    await have(files);
    expect(levels(await checkJournal(machine))).toEqual(expected);
  });
});

describe("the program and its settings", () => {
  const SETTINGS = "/etc/postern/postern.env";
  const MAIN = "/opt/postern/dist/cli/main.js";
  beforeEach(async () => {
    await have({
      [SETTINGS]: "",
      [MAIN]: "",
      "/opt/postern/package.json": "{}",
      "/var/lib/postern/data/portal-salt": "",
    });
    for (const path of [SETTINGS, MAIN]) await chmod(join(root, path), 0o644);
  });
  const found = async () => checkProgram(machine, "/opt/postern", "/var/lib/postern/data");

  it.each([SETTINGS, MAIN])("are a fault where others can write to %s", async (path) => {
    await chmod(join(root, path), 0o666);
    expect(await found()).toContainEqual({
      level: "fault",
      message: `other users can change ${path} (666)`,
      fix: `chmod go-w ${path}`,
    });
  });

  it.runIf(process.getuid?.() === 0)("are another user's than the portal's, or a warning", async () => {
    await chown(join(root, "/var/lib/postern/data"), 12_345, 12_345);
    expect(levels(await found())).toEqual(["ok"]);
    await chown(join(root, MAIN), 12_345, 12_345);
    expect(await found()).toMatchObject([{ level: "warning", fix: `chown root ${MAIN}` }]);
  });
});

describe("a proxy's settings", () => {
  it("of nginx are a fault where a log is kept: said, unsaid, or in what is included", async () => {
    const http = (inside: string) => `error_log /var/log/nginx/error.log emerg;\nhttp {\n  ${inside}\n}\n`;
    await have({ "/etc/nginx/nginx.conf": http("access_log /var/log/nginx/access.log;") });
    expect(await checkProxyLogs(machine, [])).toMatchObject([
      { level: "fault", message: /records visitors and times/ },
    ]);
    await have({ "/etc/nginx/nginx.conf": http("# access_log off;") });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(["fault"]);
    await have({ "/etc/nginx/nginx.conf": http("access_log off;") });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(["ok"]);
    await have({
      "/etc/nginx/nginx.conf": http("access_log off; include conf.d/*.conf;"),
      "/etc/nginx/conf.d/site.conf": "server { access_log /srv/log; }",
    });
    expect(await checkProxyLogs(machine, [])).toMatchObject([{ level: "fault", message: /\/srv\/log/ }]);
  });

  it("of nginx are a fault where letters are buffered", async () => {
    const site = (more: string) =>
      `${QUIET} location / { proxy_pass http://unix:/run/x.sock:; proxy_buffering off; ${more} }`;
    await have({ "/etc/nginx/nginx.conf": site("") });
    expect(await checkProxyLogs(machine, [])).toMatchObject([{ level: "fault", message: /plaintext/ }]);
    await have({ "/etc/nginx/nginx.conf": site("proxy_request_buffering off;") });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(["ok"]);
  });

  it.each([
    ["", ["warning"]],
    ["proxy_buffering on;", ["warning"]],
    ["proxy_ignore_headers Expires X-Accel-Buffering;", ["fault"]],
    ["proxy_ignore_headers X-Accel-Buffering; proxy_buffering off;", ["ok"]],
  ])("of nginx, where answers may be buffered: %s", async (more, expected) => {
    const site = `${QUIET} location / { proxy_pass http://unix:/run/x.sock:; proxy_request_buffering off; ${more} }`;
    await have({ "/etc/nginx/nginx.conf": site });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(expected);
  });

  it.each([
    ["", ["fault"]],
    ["error_log /var/log/nginx/error.log;", ["fault"]],
    ["error_log /var/log/nginx/error.log crit;", ["fault"]],
    ["error_log syslog:server=unix:/dev/log warn;", ["fault"]],
    ["error_log /var/log/nginx/error.log emerg;", ["ok"]],
    ["error_log /dev/null;", ["ok"]],
  ])("of nginx, whose errors may name visitors: %s", async (log, expected) => {
    await have({ "/etc/nginx/nginx.conf": `access_log off; ${log}` });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(expected);
  });

  it("of Caddy are a fault where a site has a log, not for the log of errors", async () => {
    await have({ "/etc/caddy/Caddyfile": "{\n\tlog {\n\t\tlevel FATAL\n\t}\n}\nexample.org {\n\trespond hi\n}\n" });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(["ok"]);
    await have({ "/etc/caddy/Caddyfile": "example.org {\n\tlog\n\trespond hi\n}\n" });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(["fault"]);
  });

  it("of Tor are a fault where its log says too much", async () => {
    await have({ "/etc/tor/torrc": "SafeLogging 1\nLog notice syslog\n" });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(["ok"]);
    await have({ "/etc/tor/torrc": "SafeLogging 0\nLog info syslog\n" });
    expect(levels(await checkProxyLogs(machine, []))).toEqual(["fault", "fault"]);
    await have({ "/etc/tor/torrc": "SafeLogging 1\nLog notice file /var/log/tor/log\n" });
    expect(await checkProxyLogs(machine, [])).toMatchObject([{ level: "warning", message: /stays on the disk/ }]);
  });

  it("that are named and not there are a fault; none at all are not", async () => {
    expect(levels(await checkProxyLogs(machine, []))).toEqual(["ok"]);
    expect(levels(await checkProxyLogs(machine, ["/etc/other.conf"]))[0]).toBe("fault");
  });

  it.each(["nginx.conf", "Caddyfile", "torrc"])("of deploy/%s are well", async (name) => {
    const deploy = new Machine(new URL("../../deploy/", import.meta.url).pathname);
    expect(levels(await checkProxyLogs(deploy, [`/${name}`]))).toEqual(["ok"]);
  });
});
