// How fast browsers encrypt, against bare openpgp.js on the same bytes in the same worker; medians of interleaved
// rounds. "encrypted" is archive, padding, encryption and inspection; "hashed" adds chunks and digest, which overlap
// with the network during an upload.
// npx tsx tests/bench/browser-speed.ts [rounds, default 5]
import { WHOLE } from "./bench-context.js";
import { amountFor, encryptIn, KINDS, PROFILES } from "./browser-encryption.js";
import type { Timings } from "./browser-speed-worker.js";
import { median } from "./measure.js";

const rounds = Number(process.argv[2] ?? 5);

console.log(
  "browser                             profile   MiB   bare MiB/s   encrypted MiB/s (of bare)   hashed MiB/s (of bare)",
);
for (const kind of KINDS) {
  for (const profile of PROFILES) {
    const mebibytes = amountFor(kind, profile, WHOLE.browsers);
    const result = await encryptIn(kind, profile, mebibytes, rounds);
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
  }
}
