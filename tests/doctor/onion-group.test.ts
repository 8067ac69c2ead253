import { chmod, chown, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Machine } from "../../src/doctor/machine.js";
import { checkOnionGroup } from "../../src/doctor/onion-group.js";
import { removeFolder } from "../support/temporary.js";

/** The group of Debian's Tor here, and one that Tor is only told to join. */
const TOR_GROUP = 64_110;
const OTHER_GROUP = 64_111;
const PASSWD = `root:x:0:0::/root:/bin/sh\ndebian-tor:x:1:${TOR_GROUP}::/:/bin/false\n_tor-pickup:x:2:64112::/:/bin/false\n`;

let root: string;
let server: Server;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-onion-group-"));
  server = createServer().listen(join(root, "onion.sock"));
});
afterEach(async () => {
  server.close();
  await removeFolder(root);
});

async function check(group: number, mode: number, torrc: string, path = "/etc/tor/torrc") {
  const socket = join(root, "onion.sock");
  await chown(socket, 0, group);
  await chmod(socket, mode);
  for (const [name, text] of [
    ["/etc/passwd", PASSWD],
    [path, `${torrc}HiddenServiceDir /var/lib/tor/x\nHiddenServicePort 80 unix:${socket}\n`],
  ] as const) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const listeners = { listen: { path: "/run/none" }, onionListen: { path: socket }, pickupListen: null };
  const results = await checkOnionGroup(new Machine(root), [], { ...listeners, clients: "forwarded" });
  return results.map(({ level }) => level);
}

it.runIf(process.getuid?.() === 0).each<[what: string, group: number, mode: number, torrc: string, level: string]>([
  ["of Tor's own group", TOR_GROUP, 0o660, "", "ok"],
  ["of a group that Tor would have to join", OTHER_GROUP, 0o660, "", "fault"],
  ["that its group may not write to", TOR_GROUP, 0o640, "", "fault"],
  ["that everybody may write to", OTHER_GROUP, 0o666, "", "ok"],
  ["of a Tor whose user is not on this machine", OTHER_GROUP, 0o660, "User somebody\n", "ok"],
  ["of another user's Tor", TOR_GROUP, 0o660, "User _tor-pickup\n", "fault"],
])("a socket %s", async (_what, group, mode, torrc, level) => {
  expect(await check(group, mode, torrc)).toEqual([level]);
});

it.runIf(process.getuid?.() === 0)("a further Tor of Debian has a user of its name", async () => {
  expect(await check(64_112, 0o660, "", "/etc/tor/instances/pickup/torrc")).toEqual(["ok"]);
});
