import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, stat } from "node:fs/promises";
import { createServer, type RequestListener, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listen } from "../../src/cli/listen.js";
import { removeFolder } from "../support/temporary.js";

let folder: string;
let path: string;
const servers: ReturnType<typeof createServer>[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-listen-"));
  path = join(folder, "portal.sock");
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await removeFolder(folder);
});

async function listener(handler: RequestListener) {
  const server = createServer(handler);
  servers.push(server);
  await listen(server, { path });
  return server;
}
const ask = () =>
  new Promise<string>((resolve, reject) => {
    const sent = request({ socketPath: path, path: "/" }, (response) => {
      let text = "";
      response
        .setEncoding("utf8")
        .on("data", (chunk: string) => {
          text += chunk;
        })
        .on("end", () => resolve(text));
    });
    sent.on("error", reject).end();
  });

it("leaves the socket of a running portal alone", async () => {
  await listener((_request, response) => response.end("the first"));
  await expect(listener((_request, response) => response.end("the second"))).rejects.toMatchObject({ code: "in_use" });
  expect(await ask()).toBe("the first");
});

it("takes the place of a socket that nobody answers at", async () => {
  const killed = spawn(process.execPath, [
    "-e",
    `require("node:net").createServer().listen(${JSON.stringify(path)}, () => console.log())`,
  ]);
  await once(killed.stdout, "data");
  killed.kill("SIGKILL");
  await once(killed, "close");
  expect((await stat(path)).isSocket()).toBe(true);
  await listener((_request, response) => response.end("the next"));
  expect(await ask()).toBe("the next");
  expect((await stat(path)).mode & 0o777).toBe(0o660);
});

const LISTENER = fileURLToPath(new URL("../../dist/cli/listen.js", import.meta.url));
/** Its locks are removed when a process ends: it listens for signals, and ends a process that nobody else keeps. */
const LIBRARY = 'await import("proper-lockfile");';

it.each([
  ["before", `${LIBRARY} const told = untilSignal();`],
  ["after", `const told = untilSignal(); ${LIBRARY}`],
])("ends at the second signal, not at the first, with a library that listens too and came %s", async (_when, waits) => {
  const waiting = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    `import { untilSignal } from ${JSON.stringify(LISTENER)};
    ${waits}
    process.stdin.resume();
    console.log("waits");
    await told;
    console.log("was told");`,
  ]);
  const closed = once(waiting, "close");
  for (const line of ["waits", "was told"]) {
    const [said] = await Promise.race([once(waiting.stdout.setEncoding("utf8"), "data"), closed]);
    expect(said).toBe(`${line}\n`);
    waiting.kill("SIGTERM");
  }
  expect(await closed).toEqual([null, "SIGTERM"]);
});
