import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey } from "openpgp";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyPair } from "../../src/desk/index.js";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { FormPageDriver } from "../support/form-page.js";
import { type Algorithm, GnuPg } from "../support/gpg.js";
import { startTestPortal } from "../support/portal.js";

const YEAR = 365 * 24 * 60 * 60;

async function gnupgPair(algorithm: Algorithm) {
  const gpg = await GnuPg.create();
  try {
    const fingerprint = await gpg.generate(algorithm, { expire: "1y" });
    return { certificate: await gpg.exportPublic(fingerprint), secretKey: await gpg.exportSecret(fingerprint) };
  } finally {
    await gpg.close();
  }
}

async function curve448Pair() {
  const { publicKey, privateKey } = await generateKey({ type: "curve448", userIDs: [{ name: "x" }] });
  return { certificate: publicKey, secretKey: privateKey };
}

for (const kind of BROWSERS.filter(isInstalled)) {
  describe(`${kind.name} encrypts`, () => {
    let browser: Browser;
    let folder: string;
    beforeAll(async () => {
      browser = await kind.launch();
      folder = await mkdtemp(join(tmpdir(), "postern-e2e-"));
    });
    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    });

    it.each([
      ["an RSA certificate", () => gnupgPair("rsa3072"), "worker"],
      ["a Curve25519 certificate of GnuPG", () => gnupgPair("curve25519"), "worker"],
      ["a NIST P-256 certificate", () => gnupgPair("nistp256"), "worker"],
      [
        "an RFC 9580 certificate",
        () => createKeyPair({ profile: "rfc9580", userId: { name: "x" }, passphrase: "", lifetime: YEAR }),
        "worker",
      ],
      ["a Curve448 certificate, with the larger worker", curve448Pair, "curves"],
    ] as const)("to %s", async (_what, makePair, worker) => {
      const portal = await startTestPortal({ pair: await makePair() });
      const page = await kind.newPage(browser);
      try {
        const form = new FormPageDriver(page, folder);
        await form.visit(portal.url);
        expect(await page.content()).toContain(`/build/${worker}-`);
        await form.write("message", "письмо");
        await form.press("#send");
        await form.untilStored();
        expect((await portal.open()).map(({ record }) => record.answers)).toEqual([{ message: "письмо" }]);
      } finally {
        await page.close();
        await portal.stop();
      }
    });
  });
}
