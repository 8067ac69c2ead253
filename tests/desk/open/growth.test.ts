import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maxContentBytes } from "../../../src/core/index.js";
import { createKeyPair, gpgOpener, keyOpener, type Opener, openSubmissions } from "../../../src/desk/index.js";
import { workerOpener } from "../../../src/desk/open/worker-opener.js";
import { rekeySubmission } from "../../../src/desk/rekey.js";
import { GnuPg } from "../../support/gpg.js";
import { recipientOf } from "../../support/keys.js";
import { inTurn } from "../../support/length.js";
import { Random } from "../../support/seed.js";
import { removeFolder } from "../../support/temporary.js";
import { requireTools } from "../../support/tools.js";
import { file, folder as folderEntry, rawArchive } from "../../support/ustar.js";

const CASE = "1a2b3c4d".padEnd(32, "0");
const ROOT = "submission-1a2b3c4d";
const WORKER = new URL("../../../dist/desk/open/open-worker.js", import.meta.url);

/** A whole submission with one document. */
function archive(document: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = JSON.stringify({ format: "postern-submission", version: 1, case: CASE, files: [] });
  return rawArchive([
    folderEntry(`${ROOT}/`),
    folderEntry(`${ROOT}/files/`),
    file(`${ROOT}/letter.txt`, "письмо"),
    file(`${ROOT}/submission.json`, record),
    file(`${ROOT}/files/01-a`, document),
  ]);
}

describe.runIf(requireTools("messages that GnuPG has compressed", "gpg", "bash"))(
  "a message that was compressed",
  () => {
    let gnupg: GnuPg;
    let base: string;
    let fingerprint: string;
    let key: PrivateKey;
    let openers: Readonly<Record<string, Opener>>;
    beforeAll(async () => {
      base = await mkdtemp(join(tmpdir(), "postern-growth-"));
      gnupg = await GnuPg.create();
      const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e7 });
      await gnupg.gpg(["--import"], Buffer.from(pair.secretKey));
      fingerprint = pair.fingerprint;
      key = await readPrivateKey({ armoredKey: pair.secretKey });
      const command = join(base, "gpg");
      await writeFile(command, `#!/bin/bash\nexec gpg --homedir '${gnupg.home}' "$@"\n`, { mode: 0o700 });
      openers = {
        "this thread": keyOpener([key]),
        "a worker": workerOpener(Promise.resolve([key]), 1, WORKER),
        GnuPG: gpgOpener(command),
      };
    });
    afterAll(async () => {
      await Promise.all(Object.values(openers).map((each) => each.close()));
      await gnupg.close();
      await removeFolder(base);
    });

    const compressed = (content: Uint8Array, algorithm: string) =>
      gnupg.encrypt(content, [fingerprint], ["--compress-algo", algorithm]);

    /** The outcome of opening, and what is left in the folder of cases. */
    async function open(message: Uint8Array, opener: Opener | undefined) {
      if (opener === undefined) throw new Error("there is no such opener");
      const folder = await mkdtemp(join(base, "one-"));
      const path = join(folder, "a.gpg");
      const out = join(folder, "out");
      await writeFile(path, message);
      for await (const outcome of openSubmissions([path], { opener, out }))
        return { outcome, left: await readdir(out) };
      throw new Error("there was no outcome");
    }

    const WAYS = ["this thread", "a worker", "GnuPG"].flatMap((way, turn) =>
      inTurn(["zip", "zlib", "bzip2"], turn).map((algorithm) => [way, algorithm] as const),
    );

    it.each(WAYS)("is opened by %s with %s if it holds a letter", async (way, algorithm) => {
      const message = await compressed(archive(new Uint8Array(500_000)), algorithm);
      expect(message.length).toBeLessThan(5_000);
      expect(await open(message, openers[way])).toMatchObject({ outcome: { kind: "opened" }, left: [ROOT] });
    });

    it.each(WAYS)(
      "is refused by %s with %s, and leaves nothing, if it would grow far beyond its size",
      async (way, algorithm) => {
        const bomb = await compressed(archive(new Uint8Array(64 * 1024 ** 2)), algorithm);
        expect(bomb.length).toBeLessThan(100_000);
        const { outcome, left } = await open(bomb, openers[way]);
        expect(outcome).toMatchObject({
          kind: "failed",
          cause: { code: "too_compressed", message: expect.stringContaining("10 times") },
        });
        expect(left).toEqual([]);
      },
    );

    it.each(inTurn(["this thread", "a worker", "GnuPG"], 0))(
      "is judged by its own size by %s, above four megabytes too",
      async (way) => {
        const document = new Uint8Array(100 * 1024 ** 2);
        document.set(new Random("growth").bytes(5 * 1024 ** 2));
        const bomb = await compressed(archive(document), "zlib");
        expect(bomb.length).toBeGreaterThan(5 * 1024 ** 2);
        expect(maxContentBytes(bomb.length)).toBeLessThan(document.length);
        const refused = await open(bomb, openers[way]);
        expect(refused).toMatchObject({ outcome: { kind: "failed", cause: { code: "too_compressed" } }, left: [] });
        const honest = await compressed(archive(document.subarray(0, 40 * 1024 ** 2)), "zlib");
        expect(await open(honest, openers[way])).toMatchObject({ outcome: { kind: "opened" } });
      },
    );

    it("is not encrypted anew to other keys either, and leaves nothing", async () => {
      const folder = await mkdtemp(join(base, "rekey-"));
      await mkdir(join(folder, "out"));
      await writeFile(join(folder, "a.gpg"), await compressed(archive(new Uint8Array(64 * 1024 ** 2)), "zlib"));
      const pair = await createKeyPair({ profile: "gnupg", userId: { name: "y" }, passphrase: "", lifetime: 1e7 });
      const request = { file: join(folder, "a.gpg"), out: join(folder, "out"), keys: [key], date: new Date() };
      const rekeyed = rekeySubmission({ ...request, recipients: [await recipientOf(pair)] });
      await expect(rekeyed).rejects.toMatchObject({ code: "too_compressed" });
      expect(await readdir(join(folder, "out"))).toEqual([]);
    });
  },
);
