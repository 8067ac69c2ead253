// How fast browsers encrypt, against bare openpgp.js encrypting the same octets in the same worker; medians of interleaved
// rounds. "encrypted" is archive, padding, encryption and inspection; "hashed" adds chunks and digest, which while uploading
// are made as the network waits.
// npx tsx tests/bench/browser-speed.ts [rounds, 5 unless told]
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { createKeyPair } from "../../src/desk/index.js";
import { BROWSERS, FIREFOX_SAFER } from "../support/browsers.js";
import type { Timings } from "./browser-speed-worker.js";

const rounds = Number(process.argv[2] ?? 5);
const YEAR = 365 * 24 * 60 * 60;

const { outputFiles } = await build({
  entryPoints: ["tests/bench/browser-speed-worker.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  write: false,
  platform: "browser",
  logLevel: "warning",
});
const script = outputFiles[0]?.text ?? "";
const server = createServer((request, response) => {
  const worker = request.url === "/worker.js";
  response.setHeader("Content-Type", worker ? "text/javascript" : "text/html");
  response.end(worker ? script : "<!doctype html><title>bench</title>");
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

console.log(
  "browser                             profile   MiB   bare MiB/s   encrypted MiB/s (of bare)   hashed MiB/s (of bare)",
);
for (const kind of [...BROWSERS, FIREFOX_SAFER]) {
  for (const profile of ["gnupg", "rfc9580"] as const) {
    const pair = await createKeyPair({ profile, userId: { name: "bench" }, passphrase: "", lifetime: YEAR });
    // Without compiled code version 1 is fifty times slower.
    const mebibytes = kind === FIREFOX_SAFER && profile === "gnupg" ? 4 : 64;
    const browser = await kind.launch();
    try {
      const page = await kind.newPage(browser);
      page.setDefaultTimeout(600_000);
      await page.goto(url);
      const result = (await page.evaluate(
        (task) =>
          new Promise((resolve) => {
            const worker = new Worker("/worker.js");
            worker.onmessage = ({ data }) => resolve(data);
            worker.postMessage(task);
          }),
        { certificate: pair.certificate, mebibytes, rounds },
      )) as Timings & { error?: string };
      if (result.error !== undefined) throw new Error(result.error);
      const rate = (name: keyof Timings) => mebibytes / median(result[name]);
      const share = (name: keyof Timings) =>
        `${rate(name).toFixed(1)} (${(rate(name) / rate("bare")).toFixed(2)})`.padStart(24);
      console.log(
        kind.name.padEnd(34),
        profile.padEnd(8),
        String(mebibytes).padStart(4),
        rate("bare").toFixed(1).padStart(12),
        share("encrypted"),
        share("hashed"),
      );
    } finally {
      await browser.close();
    }
  }
}
server.close();

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
