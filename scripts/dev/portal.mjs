// The portal that `npm run dev` runs: a process of its own, with a throw-away key and an empty store.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * @param main path of the built command
 * @param folder where the key and the store go
 */
export async function createPortal(main, folder) {
  const place = (name) => join(folder, name);
  // What is for the tests is no setting of the portal's, which refuses what it does not know.
  const given = Object.entries(process.env).filter(([name]) => !/^POSTERN_(?:TEST_|REQUIRE_ALL$)/.test(name));
  const env = {
    POSTERN_MIN_FREE: "0",
    ...Object.fromEntries(given),
    POSTERN_KEYS: place("keys"),
    POSTERN_STORE: `file:${place("data")}`,
    POSTERN_SPOOL: place("spool"),
    POSTERN_STAFF: place("staff"),
    POSTERN_DRAIN_SECONDS: "0",
  };
  const begin = (stderr, ...words) =>
    spawn(process.execPath, ["--enable-source-maps", main, ...words], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", stderr],
    });

  mkdirSync(place("secret"), { mode: 0o700 });
  writeFileSync(place("secret/passphrase"), "throw-away-on-leaving\n");
  const passphrase = ["--passphrase-file", place("secret/passphrase")];
  const making = begin("ignore", "keys", "new", "--name", "Throw away", "--secret", place("secret"), ...passphrase);
  making.stdout.resume();
  const [code] = await once(making, "close");
  if (code !== 0) throw new Error("the throw-away key could not be made");
  const key = join(place("secret"), readdirSync(place("secret")).find((name) => name.endsWith("-secret.asc")) ?? "");

  let running = null;
  const stop = async () => {
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const closed = once(running, "close");
    running.kill("SIGTERM");
    await closed;
  };
  return {
    /** Opens the letters that were sent. */
    openCommand: [
      "node",
      main,
      "open",
      place("data/submissions"),
      "--key",
      key,
      ...passphrase,
      "--out",
      place("cases"),
    ],
    /**
     * Stops the portal that runs, starts the one that is built now, and returns its address; null if it does not start.
     */
    restart: async () => {
      await stop();
      running = begin("inherit", "serve");
      const lines = createInterface({ input: running.stdout });
      const [address] = await Promise.race([once(lines, "line"), once(running, "close").then(() => [null])]);
      // The same port the next time: the browser's page is there.
      if (address !== null) env.POSTERN_LISTEN = new URL(address).host;
      return address;
    },
    stop,
  };
}
