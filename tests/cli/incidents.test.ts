import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poll } from "../support/browsers.js";
import { type RunningPortal, servePortal } from "../support/command.js";
import { Operator } from "../support/operator.js";
import { formOf } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";

const FAULTS = fileURLToPath(new URL("../support/fault-on-request.cjs", import.meta.url));
const CANARY = "canary-7c1d";

let cwd: string;
let portal: RunningPortal;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-incidents-"));
  const operator = new Operator(cwd);
  await operator.start();
  await operator.stop();
  portal = await servePortal({ cwd, env: { NODE_OPTIONS: `--require ${FAULTS}` } });
});
afterAll(async () => {
  await portal.kill("SIGTERM");
  await removeFolder(cwd);
});

const health = async () => {
  const response = await fetch(`${portal.url}/healthz`);
  return { code: response.status, ...((await response.json()) as { warnings: string[] }) };
};
const letter = (headers: Readonly<Record<string, string>> = {}) => {
  const body = formOf({ message: "a letter" }, [new File(["x".repeat(200_000)], "a.txt")]);
  return fetch(`${portal.url}/ru/submit`, { method: "POST", body, headers });
};

describe("a fault of the program that nothing catches", () => {
  it("is not there at first", async () => {
    expect(await health()).toMatchObject({ code: 200, warnings: [] });
  });

  it.each([
    ["in a listener, while a letter arrives", "listener", 1],
    ["in a timer", "timer", 2],
    ["in a promise that nobody awaits", "promise", 3],
    ["that is no error", "nothing", 4],
  ])("%s ends nothing but its request, and /healthz and the log tell the operator", async (_what, kind, least) => {
    const others = [letter(), letter()];
    const own = letter({ "X-Fault": kind, "X-Canary": CANARY }).then(
      ({ status }) => status,
      () => 0,
    );
    expect(await Promise.all(others.map(async (each) => (await each).status))).toEqual([200, 200]);
    const count = await poll("the count", async () => {
      const [warning = ""] = (await health()).warnings;
      const found = Number(/^faults of the program since its start: (\d+); the log names them$/.exec(warning)?.[1]);
      return found >= least ? found : null;
    });
    expect(count).toBeGreaterThanOrEqual(least);
    expect(await own).toBe(kind === "listener" ? 0 : 200);
    expect(await health()).toMatchObject({ code: 200 });
    expect((await letter()).status).toBe(200);
    expect(portal.process.exitCode).toBeNull();
    expect(portal.output.stderr).toContain("program");
    expect(portal.output.stderr).not.toContain(CANARY);
  });
});
