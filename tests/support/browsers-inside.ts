import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { closed, listenLocally } from "./loopback.js";
import type { Namespace } from "./namespace.js";

const RELAY = fileURLToPath(new URL("relay.mjs", import.meta.url));

/** How to launch a browser in another network namespace, and drive it from here. */
export interface Inside {
  /** A port that is the browser's there, and leads to it here. */
  readonly debuggingPort: number;
  /** The path of a program that runs `program` there. */
  readonly program: (program: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Starts {@link RELAY} in `namespace`, and waits until it listens. */
export async function relayIn(namespace: Namespace, listen: string, target: string, delayMs = 0): Promise<() => void> {
  const relay = namespace.start(process.execPath, RELAY, listen, target, String(delayMs));
  if (relay.stdout !== null) await once(relay.stdout, "data");
  return () => relay.stdin?.end();
}

/** @param folder for the socket of the relay, and for scripts */
export async function inside(namespace: Namespace, folder: string): Promise<Inside> {
  const socket = join(folder, "driver.sock");
  const server = createServer((driver) => {
    const browser = connect(socket);
    driver.on("error", () => browser.destroy()).on("close", () => browser.destroy());
    browser.on("error", () => driver.destroy()).on("close", () => driver.destroy());
    driver.pipe(browser).pipe(driver);
  });
  const { port } = new URL(await listenLocally(server));
  await relayIn(namespace, socket, `127.0.0.1:${port}`);
  return {
    debuggingPort: Number(port),
    program: async (program) => {
      const path = join(folder, `${program.replaceAll("/", "-")}.sh`);
      await writeFile(path, `#!/bin/sh\nexec ${namespace.enter.join(" ")} ${program} "$@"\n`, { mode: 0o755 });
      return path;
    },
    close: () => closed(server),
  };
}
