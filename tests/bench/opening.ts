import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKeyPair } from "../../src/desk/index.js";
import { makeSubmissions } from "../support/cases.js";
import { GnuPg } from "../support/gpg.js";
import { recipientOf } from "../support/keys.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import { interleave, type Run, rowsOf, type Way } from "./measure.js";
import { diskAtRest, runProgram } from "./process-run.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const LOOP = "gpg -d | tar x, in a loop";
const OURS = "postern open";

/** Opens many submissions on the offline machine. */
export async function measureOpening(bench: Bench): Promise<void> {
  const { submissions, rounds } = bench.sizes.opening;
  if (!hasTool("gpg") || !hasTool("bash")) return bench.skip("opening offline", "gpg or bash is not installed");
  const gpg = await GnuPg.create();
  try {
    const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e8 });
    const inbox = join(bench.folder, "inbox");
    const key = join(bench.folder, "secret.asc");
    await mkdir(inbox);
    await writeFile(key, pair.secretKey);
    await makeSubmissions(inbox, submissions, await recipientOf(pair));
    await gpg.importKeys(pair.secretKey);
    // It would look for a card reader each time, and say that there is none.
    await writeFile(join(gpg.home, "gpg-agent.conf"), "disable-scdaemon\n");
    const loop = `mkdir -p "$1"; for file in "$0"/*.gpg; do gpg --batch --quiet -d "$file" | tar x -C "$1" || exit 1; done`;
    let runs = 0;
    const opened = (run: (out: string) => Promise<Run>) => async () => {
      // Never where files were just deleted: for each new one ext4 would step over them, which took half of the time.
      runs += 1;
      const out = join(bench.folder, `cases-${runs}`);
      await diskAtRest();
      const ran = await run(out);
      const there = (await readdir(out)).filter((name) => name.startsWith("submission-")).length;
      if (there !== submissions) throw new Error(`${there} of ${submissions} were opened`);
      return ran;
    };
    const ways: Way[] = [
      {
        name: LOOP,
        run: opened(async (out) => {
          const { seconds } = await runProgram("bash", ["-c", loop, inbox, out], { GNUPGHOME: gpg.home });
          return { seconds };
        }),
      },
      {
        name: OURS,
        run: opened((out) =>
          runProgram(process.execPath, [MAIN, "open", inbox, "--key", key, "--out", out, "--no-notices"]),
        ),
      },
    ];
    bench.add({
      title: `Opening ${submissions} submissions offline`,
      unit: "a second",
      baseline: LOOP,
      rows: rowsOf(await interleave(ways, rounds), submissions, LOOP),
      targets: [{ row: OURS, baseline: LOOP, atLeast: 3 }],
      note: `Letters, pictures and scanned pages, ${rounds} rounds, each into a new folder. postern open also checks each archive, syncs each case to the disk, and writes the index; the loop does none of that.`,
    });
  } finally {
    await gpg.close();
  }
}
