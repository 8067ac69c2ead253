import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkSignature, createReleaseKey, readSigner, signManifest } from "../../src/verify/index.js";
import { GnuPg } from "../support/gpg.js";
import { requireTools } from "../support/tools.js";

const MANIFEST = Buffer.from('{\n  "manifest": {}\n}\n');

describe.runIf(requireTools("manifests and GnuPG", "gpg", "bash"))("a signed manifest and GnuPG", () => {
  let gpg: GnuPg;
  let directory: string;
  let key: Awaited<ReturnType<typeof createReleaseKey>>;
  beforeAll(async () => {
    gpg = await GnuPg.create();
    directory = await mkdtemp(join(gpg.home, "test-"));
    key = await createReleaseKey("Release", "word", 1e7);
    await writeFile(join(directory, "manifest.json"), MANIFEST);
    await writeFile(join(directory, "secret.asc"), key.secretKey);
    await writeFile(join(directory, "certificate.asc"), key.certificate);
  });
  afterAll(() => gpg.close());

  test("gpg --verify accepts what postern manifest sign writes", async () => {
    await writeFile(join(directory, "manifest.json.asc"), await signManifest(MANIFEST, key.secretKey, "word"));
    expect(await gpg.shell("gpg --batch -q --import certificate.asc", directory)).toMatchObject({ code: 0 });
    const verified = await gpg.shell("gpg --batch --status-fd 1 --verify manifest.json.asc manifest.json", directory);
    expect(verified.stdout.toString()).toContain(`VALIDSIG ${key.fingerprint}`);
    expect(verified.code).toBe(0);
  });

  test("what gpg --armor --detach-sign writes is accepted here, with the release key in GnuPG", async () => {
    const secret = "--batch --yes -q --pinentry-mode loopback --passphrase word";
    expect(await gpg.shell(`gpg ${secret} --import secret.asc`, directory)).toMatchObject({ code: 0 });
    const signed = await gpg.shell(`gpg ${secret} --armor --detach-sign manifest.json`, directory);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    const signature = await readFile(join(directory, "manifest.json.asc"), "utf8");
    const { by } = await checkSignature(MANIFEST, signature, await readSigner(key.certificate));
    expect(by).toBe(key.fingerprint);
  });
});
