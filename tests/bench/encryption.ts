import { randomBytes } from "node:crypto";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createKeyPair } from "../../src/desk/index.js";
import { GnuPg } from "../support/gpg.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import { interleave, rowsOf, type Way } from "./measure.js";
import { compiled, runProgram, runScript } from "./process-run.js";

const MIB = 1024 * 1024;
const LIFETIME = 1e8;
export const RAW = { gnupg: "node:crypto, AES-256-CFB and SHA-1", rfc9580: "node:crypto, AES-256-GCM" };
const OURS = "Postern, archive and all";

/** What the server does to a document, without network and disk: archive, encryption, inspection. */
export async function measureEncryption(bench: Bench): Promise<void> {
  const script = await compiled("encrypt-process");
  const warmUp = await fileOf(bench.folder, 8);
  const gpg = hasTool("gpg") ? await GnuPg.create() : null;
  if (gpg === null) bench.skip("gpg encrypting", "gpg is not installed");
  try {
    for (const { mebibytes, rounds } of bench.sizes.encryption) {
      const file = await fileOf(bench.folder, mebibytes);
      for (const profile of ["gnupg", "rfc9580"] as const) {
        const pair = await createKeyPair({ profile, userId: { name: "bench" }, passphrase: "", lifetime: LIFETIME });
        const certificate = join(bench.folder, `${profile}.asc`);
        await writeFile(certificate, pair.certificate);
        const own = (way: string) => () => runScript(script, [way, profile, certificate, warmUp, file]);
        const ways: Way[] = [
          { name: RAW[profile], run: own("raw") },
          { name: "openpgp.js alone", run: own("openpgp") },
          { name: OURS, run: own("postern") },
        ];
        if (gpg !== null && profile === "gnupg") {
          await gpg.importKeys(pair.certificate);
          const words = `--batch --quiet --trust-model always --compress-algo none --cipher-algo AES256 -o - -r`.split(
            " ",
          );
          ways.push({
            name: "gpg",
            run: () => runProgram("gpg", [...words, pair.fingerprint, "-e", file], { GNUPGHOME: gpg.home }),
          });
        }
        const baseline = profile === "gnupg" && gpg !== null ? "gpg" : RAW[profile];
        bench.add({
          title: `Server encryption of ${mebibytes} MiB, ${profile}`,
          unit: "MiB/s",
          baseline,
          rows: rowsOf(await interleave(ways, rounds), mebibytes, baseline),
          targets: [{ row: OURS, baseline, atLeast: profile === "gnupg" ? 0.9 : 0.6 }],
          note:
            `A file in the page cache, nothing written; each run in a separate process, ${rounds} rounds. ` +
            "gpg is timed as a whole process, the others without Node's start.",
        });
      }
    }
  } finally {
    await gpg?.close();
  }
}

/** The cipher of a profile alone, over a file of so many MiB in the page cache. */
export async function rawCipher(folder: string, profile: keyof typeof RAW, mebibytes: number): Promise<Way["run"]> {
  const script = await compiled("encrypt-process");
  const [warmUp, file] = [await fileOf(folder, 8), await fileOf(folder, mebibytes)];
  const pair = await createKeyPair({ profile, userId: { name: "bench" }, passphrase: "", lifetime: LIFETIME });
  const certificate = join(folder, `${profile}-raw.asc`);
  await writeFile(certificate, pair.certificate);
  return () => runScript(script, ["raw", profile, certificate, warmUp, file]);
}

/** A file of random bytes, which no cipher and no disk can shorten. */
async function fileOf(folder: string, mebibytes: number): Promise<string> {
  const path = join(folder, `${mebibytes}-mib`);
  const file = await open(path, "w");
  const block = randomBytes(MIB);
  for (let written = 0; written < mebibytes; written += 1) await file.write(block);
  await file.close();
  return path;
}
