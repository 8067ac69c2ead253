import { generateKey } from "openpgp";
import { describe, expect, it } from "vitest";
import { createKeyPair } from "../../src/desk/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { type Algorithm, GnuPg } from "../support/gpg.js";
import { inTurn } from "../support/length.js";

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

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`${kind.name} encrypts`, () => {
    const session = browserSession(kind);

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
      const { form, page } = session;
      const portal = await session.startPortal({ pair: await makePair() });
      await form.visit(portal.url);
      // The page's first script names it.
      const first = await page.$eval("script[type=module]", async (element) =>
        (await fetch((element as HTMLScriptElement).src)).text(),
      );
      expect(first).toContain(`"${worker}"`);
      await form.write("message", "письмо");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open()).map(({ record }) => record.answers)).toEqual([{ message: "письмо" }]);
    });
  });
}
