import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { upload } from "../../src/client/upload.js";
import { streamOf } from "../support/bytes.js";
import { postern, serveRelay } from "../support/command.js";
import { submissionMessage } from "../support/message.js";
import { startTestPortal } from "../support/portal.js";
import { foundInMemory } from "../support/process-memory.js";
import { removeFolder } from "../support/temporary.js";
import { uploadOptions } from "../support/upload-options.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-relay-"));
});
afterAll(() => removeFolder(folder));

const ONION = `http://${"a".repeat(56)}.onion/`;

describe("postern relay", () => {
  it.each([
    [["--to", "portal.example"], "expected the portal's address"],
    [["--to", "ftp://portal.example/"], "expected the portal's address"],
    [["--to", "https://portal.example/ru/"], "without a path"],
    [["--to", "https://portal.example/?x"], "without a path"],
    [["--to", "https://name:word@portal.example/"], "must not hold a password"],
    [["--to", "http://portal.example/"], "expected https://"],
    [["--to", ONION], "add --socks 127.0.0.1:9050"],
    [["--to", ONION, "--socks", "tor"], "expected HOST:PORT"],
    [["--to", "https://portal.example/", "--listen", "here"], "expected ADDRESS:PORT"],
    [["--to", "https://portal.example/", "--clients", "cookie"], "Allowed choices"],
    [[], "required option"],
  ])("refuses %j: %s", async (words, said) => {
    const { code, stdout, stderr } = await postern(["relay", ...words], { cwd: folder });
    expect(code).not.toBe(0);
    expect(stderr).toContain(said);
    expect(stdout).toBe("");
  });

  it("prints its address, and nothing of what passes, until it is told to stop", async () => {
    const portal = await startTestPortal();
    const relay = await serveRelay(["--to", portal.url], { cwd: folder });
    try {
      expect((await fetch(new URL("/keys.asc", relay.url))).status).toBe(200);
      expect((await fetch(new URL("/ru/", relay.url))).status).toBe(404);
      await portal.stop();
      expect((await fetch(new URL("/keys.asc", relay.url))).status).toBe(502);
    } finally {
      await relay.kill("SIGTERM");
    }
    expect(relay.output).toEqual({ stdout: `${relay.url}\n`, stderr: "" });
    expect(relay.process.exitCode).toBe(0);
  });

  it("has nothing of fifty letters in its memory, and has written nothing", async () => {
    const portal = await startTestPortal();
    const relay = await serveRelay(["--to", portal.url], { cwd: folder });
    const pid = relay.process.pid ?? 0;
    const written = async () => /^write_bytes: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, "utf8"))?.[1];
    try {
      const before = await written();
      const letters = Array.from({ length: 50 }, async (_each, index) => {
        const bytes = await submissionMessage(portal.recipient, 20_000, `canary-of-letter-${index}`);
        await upload(streamOf(bytes), uploadOptions(relay.url));
      });
      await Promise.all(letters);
      expect(await portal.stored()).toHaveLength(50);
      const markers = [portal.url, "canary-of-letter-", portal.secretKey.slice(200, 240)];
      expect(await foundInMemory(pid, markers)).toEqual([portal.url]);
      // This process has encrypted them.
      expect(await foundInMemory(process.pid, markers)).toContain("canary-of-letter-");
      expect(await written()).toBe(before);
      expect(await readdir(folder)).toEqual([]);
    } finally {
      await relay.kill("SIGTERM");
      await portal.stop();
    }
  });
});
