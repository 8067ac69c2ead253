import { once } from "node:events";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningPortal, serveMail, servePortal } from "../support/command.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";

let cwd: string;
let running: RunningPortal;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-keys-watch-"));
  await giveStaffKey(cwd, "abacus blanket cactus dynamo elbow fountain\n");
});
afterEach(async () => {
  await running.kill("SIGTERM");
  await removeFolder(cwd);
});

/** Tells the server to compare, and resolves once it has logged what is expected. */
async function logs(expected: RegExp): Promise<void> {
  const before = running.output.stderr.length;
  running.process.kill("SIGHUP");
  while (!expected.test(running.output.stderr.slice(before))) {
    if (running.process.stderr === null) throw new Error("the server has no log");
    await once(running.process.stderr, "data");
  }
}

describe("the certificates of a running portal", () => {
  it("may change or break on the disk: it logs that, and goes on with those it has", async () => {
    running = await servePortal({ cwd });
    const used = await (await fetch(`${running.url}/keys.asc`)).text();
    const [name = ""] = await readdir(join(cwd, "keys"));
    const whole = await readFile(join(cwd, "keys", name));

    await writeFile(join(cwd, "keys", name), whole.subarray(0, 200));
    await logs(/a restart would fail/);
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${running.url}/keys.asc`)).text()).toBe(used);

    await writeFile(join(cwd, "keys", name), whole);
    await logs(/are those in use/);

    await writeFile(join(cwd, "keys", "note.txt"), "not a certificate");
    await logs(/have changed: restart to use them/);
  });
});

describe("the certificates of a running mail server", () => {
  it("are compared as well", async () => {
    running = await serveMail({ cwd, env: { POSTERN_MAIL_ADDRESSES: "help@example.org" } });
    await writeFile(join(cwd, "keys", "note.txt"), "not a certificate");
    await logs(/have changed: restart to use them/);
  });
});
