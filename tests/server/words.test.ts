import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { forwardFault } from "../../src/client/forward-fault.js";
import { FAILURE_CODES } from "../../src/client/messages.js";
import { UploadError, type UploadFault } from "../../src/client/upload.js";
import { defaultForm } from "../../src/form/index.js";
import { render } from "../../src/http/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { ArmorError, type FileFault, MessageError, UnknownRecipientError } from "../../src/openpgp/index.js";
import { type Refusal, statusOf } from "../../src/server/http/index.js";
import {
  ClientSettings,
  clientWords,
  documentWords,
  draftWords,
  forwardWords,
} from "../../src/server/pages/client-settings.js";
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
  draftDays: null,
  addresses: null,
  about: null,
  ways: null,
  demonstration: false,
  styles: loadStyles(),
} as unknown as Portal;

const NONE = { words: [], wordsWhole: "", drafts: [], keys: [], documents: [], offline: [] };

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
      for (const parts of [{ pieces: NONE }, { keys: "x" }]) {
        const loaded = "pieces" in parts ? clientWords(portal, texts).replaceAll('"', "&quot;") : "";
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
        for (const code of FAILURE_CODES.filter((each) => "pieces" in parts || !OF_SENDING.has(each))) {
          expect([code, page.includes(`client-fault-${code}&quot;`)]).toEqual([code, true]);
          expect(texts.say(`client-fault-${code}`, { day: "1" })).not.toBe("");
        }
      }
    },
  );
});

describe("the client", () => {
  const folder = new URL("../../src/client/", import.meta.url);
  const sources = readdirSync(folder, { encoding: "utf8", recursive: true }).filter((name) => name.endsWith(".ts"));
  const said = sources.flatMap((name) => {
    const code = readFileSync(new URL(name, folder), "utf8");
    return [...code.matchAll(/\bsay\(\s*"([\w-]+)"/g)].map(([, id]) => id ?? "");
  });

  it("is given every message that it says", () => {
    expect(said.length).toBeGreaterThan(50);
    for (const texts of languages) {
      const parts = { pieces: NONE };
      const form = defaultForm(texts.say);
      const settings = { portal, texts, form, fingerprints: [], portalSalt: new Uint8Array(16) };
      const sending =
        (
          clientWords(portal, texts) +
          documentWords(texts) +
          draftWords({ draftDays: 14 }, texts) +
          forwardWords(texts)
        ).replaceAll('"', "&quot;") +
        [false, true].map((forReplies) => render(ClientSettings({ ...settings, parts, forReplies }))).join("");
      const ways = { addresses: [], key: { spki: "", sign: null }, mailboxKey: null };
      const offline = render(ClientSettings({ ...settings, portal: { ...portal, ways }, parts: { keys: "x" } }));
      const missing = said.filter((id) => ![sending, offline].some((words) => words.includes(`&quot;${id}&quot;:`)));
      expect(missing).toEqual([]);
    }
  });
});

describe("a file that is encrypted already, where its client does not send it", () => {
  const FILE_FAULTS = {
    none: true,
    not_encrypted: true,
    not_a_message: true,
    secret_key: true,
    password: true,
    unknown_recipient: true,
    foreign_key: true,
    libre_aead: true,
    no_integrity: true,
    unsupported: true,
    damaged: true,
    trailing_data: true,
  } satisfies Record<FileFault, true>;
  const UPLOAD_FAULTS = {
    too_large: true,
    no_space: true,
    refused: true,
    key_expired: true,
    digest_mismatch: true,
    blocked: true,
  } satisfies Record<Exclude<UploadFault, "lost" | "not_removed">, true>;
  const causes = [
    ...["unknown_recipient" as const, "foreign_key" as const].map((code) => new UnknownRecipientError(code, "")),
    ...(["empty", "not_openpgp", "not_encrypted", "password_encrypted", "libre_aead", "no_integrity"] as const).map(
      (code) => new MessageError(code, ""),
    ),
    ...(["unsupported", "truncated", "trailing_data"] as const).map((code) => new MessageError(code, "")),
    new ArmorError("secret_key", ""),
  ];
  const uploads = (Object.keys(UPLOAD_FAULTS) as (keyof typeof UPLOAD_FAULTS)[]).map(
    (code) => new UploadError(code, ""),
  );

  it.each(languages.map((texts) => [texts.language, texts] as const))(
    "has words in %s for each reason",
    (_tag, texts) => {
      const words = JSON.parse(forwardWords(texts)) as Record<string, string>;
      const others = ["unknown_recipient", "foreign_key"].map((cause) => new UploadError("refused", "", { cause }));
      const faults = [
        ...causes,
        ...uploads,
        ...others,
        new DOMException("gone", "NotReadableError"),
        new Error("ours"),
      ];
      const said = faults.map((cause) => words[forwardFault(cause, true).words]);
      expect(said).not.toContain(undefined);
      expect(new Set(causes.map((cause) => forwardFault(cause, true).words)).size).toBe(
        Object.keys(FILE_FAULTS).length,
      );
    },
  );
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
