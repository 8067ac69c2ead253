// How fast browsers encrypt, against bare openpgp.js encrypting the same octets in the same worker; medians of interleaved
// rounds. "encrypted" is archive, padding, encryption and inspection; "hashed" adds chunks and digest, which while uploading
// are made as the network waits.
// npx tsx tests/bench/browser-speed.ts [rounds, 5 unless told]
import { createKeyPair } from "../../src/desk/index.js";
import { serveScript } from "../support/browser-script.js";
import { BROWSERS, FIREFOX_SAFER } from "../support/browsers.js";
import type { Timings } from "./browser-speed-worker.js";

const rounds = Number(process.argv[2] ?? 5);
const YEAR = 365 * 24 * 60 * 60;

const line = await serveScript("tests/bench/browser-speed-worker.ts");

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
      await page.goto(line.url);
      const result = (await page.evaluate(
        (task) =>
          new Promise((resolve) => {
            const worker = new Worker("/script.js");
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
await line.close();

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
