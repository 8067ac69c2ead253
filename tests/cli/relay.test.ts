import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postern, serveRelay } from "../support/command.js";
import { startTestPortal } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";

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
});
