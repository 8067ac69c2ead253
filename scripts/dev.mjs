// A portal with a throw-away key that shows each change of the sources within seconds: npm run dev [-- --browser
// firefox]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findBrowser, openBrowser } from "./dev/browser.mjs";
import { createPortal } from "./dev/portal.mjs";
import { createProgram } from "./dev/program.mjs";
import { watchFolders } from "./dev/watch.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    // Name or path of the browser to open and reload, or "none". The first that is installed unless told.
    browser: { type: "string" },
    headless: { type: "boolean", default: false },
  },
});
const say = (text) => process.stdout.write(`${text}\n`);
const interrupted = new Promise((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
});

const executable = findBrowser(values.browser);
const folder = mkdtempSync(join(tmpdir(), "postern-dev-"));
const ends = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })];
try {
  await run();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  for (const end of ends.reverse()) await end();
}

async function run() {
  const program = await createProgram(root, join(folder, "program"));
  ends.push(program.dispose);
  await program.build();
  const portal = await createPortal(program.main, folder);
  ends.push(portal.stop);
  const address = await portal.restart();
  if (address === null) throw new Error("the portal did not start");
  say(`portal   ${address}`);
  say(`to open  ${portal.openCommand.join(" ")}`);
  const browser = executable === null ? null : await openBrowser(executable, address, values.headless);
  if (browser === null) say("browser  none: reload the page yourself when a change is served");
  else ends.push(browser.close);
  if (values.headless && browser !== null) say(`browser  ${browser.endpoint}`);

  const unwatch = watchFolders([join(root, "src"), join(root, "public")], join(root, "public/build"), async (path) => {
    const since = performance.now();
    const what = relative(root, path);
    try {
      await program.build();
      if ((await portal.restart()) === null) return say(`FAILED   ${what}: the portal did not start`);
      await browser?.reload();
      say(`${browser === null ? "served" : "shown"}    ${what}, after ${Math.round(performance.now() - since)} ms`);
    } catch (error) {
      say(`FAILED   ${what}: ${error.message}`);
    }
  });
  ends.push(unwatch);
  say("change anything in src/ or public/; Ctrl-C ends it and removes all of it");
  await interrupted;
}
