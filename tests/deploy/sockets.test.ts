import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const file = (name: string) => readFileSync(join(ROOT, "deploy", name), "utf8");
const setting = (name: string, from: string) => new RegExp(`^${name}=(.*)$`, "m").exec(file(from))?.[1] ?? "";
const SOCKETS = {
  portal: setting("POSTERN_LISTEN", "postern.env.example").replace("unix:", ""),
  onion: setting("POSTERN_ONION_LISTEN", "postern.env.example").replace("unix:", ""),
  pickup: setting("POSTERN_PICKUP_LISTEN", "postern.env.example").replace("unix:", ""),
};
/** Lines such as `d /run/postern-pickup 2750 postern postern-pickup -`, as tmpfiles.d(5) has it. */
const folders = (name: string) =>
  file(name)
    .split("\n")
    .filter((line) => line.startsWith("d "))
    .map((line) => line.split(" "));
const [onionLine = [], pickupLine = []] = folders("postern-tmpfiles.conf");
const [, pickupFolder = "", pickupMode = "", pickupUser = "", pickupGroup = ""] = pickupLine;

describe("the sockets of the portal and of staff's pages", () => {
  it("lie in folders of their own, one made by the unit and one by tmpfiles.d", () => {
    expect(dirname(SOCKETS.portal)).toBe(`/run/${setting("RuntimeDirectory", "postern.service")}`);
    expect(dirname(SOCKETS.pickup)).toBe(pickupFolder);
    expect(pickupFolder).not.toBe(dirname(SOCKETS.portal));
    expect(dirname(SOCKETS.onion)).toBe(onionLine[1]);
    expect(setting("ReadWritePaths", "postern.service")).toBe(`-${onionLine[1]} -${pickupFolder}`);
  });

  it("belong to groups of their own", () => {
    expect(pickupUser).toBe(setting("User", "postern.service"));
    expect(pickupGroup).not.toBe(setting("Group", "postern.service"));
  });

  it.each([
    ["postern-onion.conf", "debian-tor", SOCKETS.onion],
    ["postern-pickup.conf", "_tor-pickup", SOCKETS.pickup],
  ])("belong to Tor's own group, since it drops all others: %s", (name, group, socket) => {
    expect(folders(name)).toEqual([["d", dirname(socket), "2750", "postern", group, "-"]]);
    // Of two lines for one folder the one of the first file counts, in the order of names.
    expect(name < "postern.conf").toBe(true);
  });

  it.each(["Caddyfile", "nginx.conf", "torrc", "compose.yaml"])(
    "are not both named to what serves strangers: %s",
    (name) => {
      const proxy = file(name).slice(Math.max(0, file(name).indexOf("  proxy:")));
      const settings = proxy.replace(/^ *#.*$/gm, "").split("\nvolumes:")[0];
      expect(settings).not.toContain("pickup");
    },
  );

  it("are not both named to the Tor that serves staff", () => {
    expect(file("torrc-pickup")).toContain(`HiddenServicePort 80 unix:${SOCKETS.pickup}`);
    expect(file("torrc-pickup")).not.toContain(SOCKETS.portal);
    expect(file("torrc-pickup")).not.toContain(SOCKETS.onion);
  });

  it("are served to nobody before an operator has made the first client's file", () => {
    expect(file("torrc-pickup")).not.toMatch(/^\s*HiddenService/m);
  });
});

/** User and group ids that are nobody's here. */
const IDS = { portal: 64_101, proxy: 64_102, pickupTor: 64_103, pickupGroup: 64_104 };

describe.runIf(process.getuid?.() === 0)("the sockets, on this machine,", () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "postern-sockets-"));
    chmodSync(base, 0o755);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const inBase = (path: string) => join(base, path.replaceAll("/", "-"), "s.sock");

  /** Listens at both, as the portal does, with the unit's umask. */
  async function listenAsPortal() {
    const listen = pathToFileURL(join(ROOT, "dist/cli/listen.js")).href;
    const program = `
      import { createServer } from "node:http";
      import { listen } from "${listen}";
      process.umask(0o077);
      for (const path of process.argv.slice(1)) await listen(createServer((_request, response) => response.end()), { path });
      console.log("listening");`;
    const child = spawn(
      process.execPath,
      ["--input-type=module", "-e", program, inBase(SOCKETS.portal), inBase(SOCKETS.pickup)],
      { uid: IDS.portal, gid: IDS.portal, stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(child.stdout, "data");
    return child;
  }

  /** What a process of this user and group gets when it connects: "connected", or the code of the error. */
  function connectAs(uid: number, gid: number, path: string): string {
    const program = `
      const socket = require("node:net").connect(process.argv[1]);
      socket.on("connect", () => { console.log("connected"); process.exit(); });
      socket.on("error", ({ code }) => console.log(code));`;
    return spawnSync(process.execPath, ["-e", program, path], { uid, gid, encoding: "utf8" }).stdout.trim();
  }

  it("let each group reach one of them, and others none", async () => {
    const make = (path: string, mode: number, gid: number) => {
      mkdirSync(dirname(inBase(path)));
      chownSync(dirname(inBase(path)), IDS.portal, gid);
      chmodSync(dirname(inBase(path)), mode);
    };
    make(SOCKETS.portal, Number.parseInt(setting("RuntimeDirectoryMode", "postern.service"), 8), IDS.portal);
    make(SOCKETS.pickup, Number.parseInt(pickupMode, 8), IDS.pickupGroup);
    const portal = await listenAsPortal();
    try {
      const reached = (uid: number, gid: number) =>
        [SOCKETS.portal, SOCKETS.pickup].map((path) => connectAs(uid, gid, inBase(path)));
      expect(reached(IDS.proxy, IDS.portal), "a proxy in the group postern").toEqual(["connected", "EACCES"]);
      expect(reached(IDS.pickupTor, IDS.pickupGroup), "the staff's Tor").toEqual(["EACCES", "connected"]);
      expect(reached(IDS.proxy, IDS.proxy), "anybody else").toEqual(["EACCES", "EACCES"]);
    } finally {
      portal.kill();
      await once(portal, "close");
    }
  });
});
