import { once } from "node:events";
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { poll } from "../support/browsers.js";
import type { RunningPortal } from "../support/command.js";
import { servePortal } from "../support/command.js";
import { Operator } from "../support/operator.js";
import { formOf } from "../support/portal.js";
import { beginPost, multipart, part } from "../support/raw-request.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";

let cwd: string;
let operator: Operator;
let portal: RunningPortal;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-shutdown-"));
  operator = new Operator(cwd);
  await giveStaffKey(cwd);
});
afterEach(async () => {
  if (portal.process.exitCode === null) await portal.kill("SIGKILL");
  await removeFolder(cwd);
});

const body = multipart(part('name="message"', "Письмо, которое шло долго"));

/** Half a letter under way, and the portal told to stop. */
async function half(env: Record<string, string> = {}) {
  portal = await servePortal({ cwd, env });
  const socket = await beginPost(`${portal.url}/ru/submit`, {
    "Content-Length": String(body.length),
    Expect: "100-continue",
  });
  let answer = "";
  socket.setEncoding("utf8").on("data", (text) => {
    answer += text;
  });
  socket.on("error", () => undefined);
  await poll("the letter to be under way", async () => (answer.startsWith("HTTP/1.1 100 ") ? true : null));
  answer = "";
  socket.write(body.subarray(0, 40));
  portal.process.kill("SIGTERM");
  // One that is given a second only may be gone before a slow machine gets to ask.
  await poll("the portal to know", async () =>
    portal.process.exitCode !== null || (await fetch(`${portal.url}/healthz`)).status === 503 ? true : null,
  );
  return { socket, ended: once(socket, "close"), answer: () => answer };
}

describe("a portal that is told to stop", () => {
  it("takes to its end what is under way, and then is gone", async () => {
    const { socket, ended, answer } = await half();
    expect(await (await fetch(`${portal.url}/healthz`)).json()).toMatchObject({
      status: "unavailable",
      reasons: ["the portal is about to stop"],
    });
    const closed = once(portal.process, "close");
    socket.write(body.subarray(40));
    await ended;
    expect(answer()).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer()).toContain("receipt-code");
    await closed;
    expect(portal.process.exitCode).toBe(0);
    expect(await operator.stored("submissions")).toHaveLength(1);
  });

  it("refuses what comes then, with the letter given back and a time to come again", async () => {
    const { socket } = await half();
    const refused = await fetch(`${portal.url}/uk/submit`, {
      method: "POST",
      body: formOf({ message: "Запізно <b>" }),
    });
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("connection")]).toEqual([
      503,
      "30",
      "close",
    ]);
    expect(await refused.text()).toContain("Запізно &lt;b");
    const upload = await fetch(`${portal.url}/uploads`, {
      method: "POST",
      headers: { "Tus-Resumable": "1.0.0", "Upload-Length": "10" },
    });
    expect([upload.status, upload.headers.get("retry-after")]).toEqual([503, "30"]);
    const file = new FormData();
    file.append("file", new Blob(["x"]), "x.gpg");
    expect((await fetch(`${portal.url}/en/encrypted`, { method: "POST", body: file })).status).toBe(503);
    expect(await operator.stored("submissions")).toHaveLength(0);
    expect(await operator.stored("uploads")).toHaveLength(0);
    socket.destroy();
  });

  it("waits no longer than it was told, and keeps nothing of what had not come", async () => {
    await half({ POSTERN_DRAIN_SECONDS: "1" });
    await portal.closed;
    expect(portal.output.stderr).toContain("stopped before all open requests had finished");
    expect(portal.output.stderr).not.toContain("Письмо");
    expect(await operator.stored("submissions")).toHaveLength(0);
    expect(await readdir(join(cwd, "data", "incoming"))).toHaveLength(0);
  });

  it("stops at once when nothing is under way, and when it is told twice", async () => {
    portal = await servePortal({ cwd });
    await portal.kill("SIGTERM");
    expect(portal.process.exitCode).toBe(0);
    await half();
    portal.process.kill("SIGTERM");
    await portal.closed;
    expect(portal.process.signalCode).toBe("SIGTERM");
  });
});
