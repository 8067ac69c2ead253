import type { Form } from "../form/index.js";

/** The settings in the page, written by src/server/pages/client-settings.tsx. */
export interface ClientSettings {
  readonly language: string;
  readonly form: Form;
  /** Bytes of all documents together. */
  readonly maxSubmission: number;
  readonly maxFiles: number;
  readonly fingerprints: readonly string[];
  /** 32 hex digits: the salt of this portal's receipt codes. */
  readonly portalSalt: string;
  /** Armored certificates in the offline form; empty where the worker fetches them. */
  readonly keys: string;
  /** Text by message id, with placeholders in braces: all of it in the offline form, else what loading needs. */
  readonly words: Readonly<Record<string, string>>;
  /** What the client loads in pieces, by the SHA-256 of each; null in the offline form. */
  readonly pieces: SettingsPieces | null;
  /** How an offline form may send; null or absent in every other. */
  readonly ways?: SettingsWays | null;
  /** Days that the server keeps drafts; null where it takes none. */
  readonly draftDays: number | null;
}

export interface SettingsWays {
  /** Origins of relays and of the portal. */
  readonly addresses: readonly string[];
  /** What the portal signs with: SubjectPublicKeyInfo in base64. */
  readonly key: string;
  /** What questions to a mailbox are sealed to, likewise; null where the form reads no replies. */
  readonly mailboxKey: string | null;
}

export interface SettingsPieces {
  /** JSON: the other words. */
  readonly words: readonly string[];
  /** JSON: the words of drafts. */
  readonly drafts: readonly string[];
  /** The same in one. */
  readonly wordsWhole: string;
  /** Armored certificates. */
  readonly keys: readonly string[];
  /** JSON: words that are needed once a document is chosen. */
  readonly documents: readonly string[];
  /** JSON: the pieces of the offline form without its scripts, and the SHA-256 of all of it. */
  readonly offline: readonly string[];
}

/** The text of a message with its placeholders filled. */
export type Say = (id: string, values?: Readonly<Record<string, string>>) => string;

export interface PageSettings {
  readonly settings: ClientSettings;
  /** @throws Error for an unknown message id */
  readonly say: Say;
  /** @param json words by message id */
  readonly addWords: (json: string) => void;
}

/** @throws Error where the page has no settings */
export function readSettings(): PageSettings {
  const settings = JSON.parse(document.getElementById("portal")?.dataset.settings ?? "") as ClientSettings;
  const words: Record<string, string> = { ...settings.words };
  const say: Say = (id, values = {}) => {
    const text = words[id];
    if (text === undefined) throw new Error(`the page has no words for ${id}`);
    return text.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? "");
  };
  return { settings, say, addWords: (json) => void Object.assign(words, JSON.parse(json)) };
}

/** How many documents went with a letter, in the page's language. */
export function sayDocuments(say: Say, language: string, count: number): string {
  const form = count === 0 ? "none" : new Intl.PluralRules(language).select(count);
  return say(`receipt-documents-${form}`, { count: new Intl.NumberFormat(language).format(count) });
}

/** `bytes` in powers of 1024, formatted for `language`. */
export function saySize(say: Say, language: string, bytes: number): string {
  const units = ["size-bytes", "size-kib", "size-mib", "size-gib"];
  let count = bytes;
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit += 1;
  }
  const digits = new Intl.NumberFormat(language, { maximumFractionDigits: unit === 0 ? 0 : 1 });
  return say(units[unit] ?? "size-bytes", { count: digits.format(count) });
}
