import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FAILURE_CODES } from "../../src/client/messages.js";
import { defaultForm } from "../../src/form/index.js";
import { render } from "../../src/http/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { type Refusal, statusOf } from "../../src/server/http/index.js";
import { ClientSettings, clientWords } from "../../src/server/pages/client-settings.js";
import { ENCRYPTED_FAULTS, EncryptedPage } from "../../src/server/pages/encrypted-page.js";
import type { Portal } from "../../src/server/pages/layout.js";
import { loadStyles } from "../../src/server/site/index.js";

const languages = [...loadTexts().values()];
const portal = {
  languages,
  organisation: null,
  onion: null,
  maxSubmission: 1,
  maxFiles: 1,
  answerDays: null,
  retentionDays: null,
  addresses: null,
  about: null,
  demonstration: false,
  styles: loadStyles(),
} as unknown as Portal;

const NONE = { words: [], keys: [], offline: [], offlineForm: "" };

describe("each reason for which something is not taken has words", () => {
  it.each(ENCRYPTED_FAULTS)("in every language for an encrypted file that is %s, none said of another", (fault) => {
    for (const texts of languages) {
      const words = texts.say(`encrypted-fault-${fault}`);
      const others = ENCRYPTED_FAULTS.filter((each) => each !== fault).map((each) =>
        texts.say(`encrypted-fault-${each}`),
      );
      expect(others).not.toContain(words);
      expect(statusOf(fault satisfies Refusal)).toBeGreaterThanOrEqual(400);
      expect(render(EncryptedPage({ portal, texts, fault }))).toContain("field-file");
    }
  });

  it.each(languages.map((texts) => [texts.language, texts] as const))(
    "in %s for every failure of the client",
    (_tag, texts) => {
      for (const parts of [{ worker: "/x.js", pieces: NONE }, { keys: "x" }]) {
        const loaded = "worker" in parts ? clientWords(portal, texts).replaceAll('"', "&quot;") : "";
        const page =
          loaded +
          render(
            ClientSettings({
              portal,
              texts,
              form: defaultForm(texts.say),
              fingerprints: [],
              portalSalt: new Uint8Array(16),
              parts,
            }),
          );
        for (const code of FAILURE_CODES.filter((each) => "worker" in parts || !OF_SENDING.has(each))) {
          expect([code, page.includes(`client-fault-${code}&quot;`)]).toEqual([code, true]);
          expect(texts.say(`client-fault-${code}`, { day: "1" })).not.toBe("");
        }
      }
    },
  );
});

describe("the client", () => {
  const folder = new URL("../../src/client/", import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  const said = sources.flatMap((name) => {
    const code = readFileSync(new URL(name, folder), "utf8");
    return [...code.matchAll(/\bsay\(\s*"([\w-]+)"/g)].map(([, id]) => id ?? "");
  });

  it("is given every message that it says", () => {
    expect(said.length).toBeGreaterThan(50);
    for (const texts of languages) {
      const parts = { worker: "/x.js", pieces: NONE };
      const form = defaultForm(texts.say);
      const settings = { portal, texts, form, fingerprints: [], portalSalt: new Uint8Array(16) };
      const sending =
        clientWords(portal, texts).replaceAll('"', "&quot;") + render(ClientSettings({ ...settings, parts }));
      const offline = render(ClientSettings({ ...settings, parts: { keys: "x" } }));
      const missing = said.filter((id) => ![sending, offline].some((words) => words.includes(`&quot;${id}&quot;:`)));
      expect(missing).toEqual([]);
    }
  });
});

/** What the offline form, which connects to nothing, never meets. */
const OF_SENDING = new Set<string>([
  "no_portal",
  "keys_unreachable",
  "no_space",
  "refused",
  "blocked",
  "digest_mismatch",
]);
