import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningPortal, serveMail, servePortal } from "../support/command.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

/** As systemd receives: a socket of datagrams, which Node has none of. Prints each. */
const RECEIVE = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print("bound", flush=True)
while True: print(receiver.recv(4096).decode(), flush=True)
`;

describe.runIf(requireTools("what systemd is told", "systemd-notify", "python3"))("systemd", () => {
  let cwd: string;
  let receiver: ChildProcess;
  let received: string;
  let running: RunningPortal;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), "postern-notify-"));
    await giveStaffKey(cwd, "abacus blanket cactus dynamo elbow fountain\n");
    received = "";
    receiver = spawn("python3", ["-c", RECEIVE, join(cwd, "notify")], { stdio: ["ignore", "pipe", "inherit"] });
    receiver.stdout?.setEncoding("utf8").on("data", (text) => {
      received += text;
    });
    await has("bound");
  });
  afterEach(async () => {
    await running.kill("SIGTERM");
    receiver.kill();
    await removeFolder(cwd);
  });

  async function has(line: string): Promise<void> {
    while (!received.split("\n").includes(line)) await once(receiver.stdout ?? receiver, "data");
  }

  it("is told once a portal answers", async () => {
    running = await servePortal({ cwd, env: { NOTIFY_SOCKET: join(cwd, "notify") } });
    await has("READY=1");
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
  });

  it("is told once a mail server answers", async () => {
    const env = { POSTERN_MAIL_ADDRESSES: "help@example.org", NOTIFY_SOCKET: join(cwd, "notify") };
    running = await serveMail({ cwd, env });
    await has("READY=1");
    expect(running.output.stderr).not.toContain("systemd-notify");
  });
});
