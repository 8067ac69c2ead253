import type { Form } from "../form/index.js";

/** What the page carries for its client; `src/server/pages/client-settings.tsx` writes it. */
export interface ClientSettings {
  readonly language: string;
  readonly form: Form;
  readonly maxSubmission: number;
  readonly maxFiles: number;
  readonly fingerprints: readonly string[];
  /** 32 hex digits: what this portal's receipt codes are derived with. */
  readonly portalSalt: string;
  /** Address of the worker's script; empty in the offline form, which brings it along. */
  readonly worker: string;
  /** Armored certificates in the offline form; empty where they are fetched. */
  readonly keys: string;
  /** Words by message id; what is put in later stands in braces. */
  readonly words: Readonly<Record<string, string>>;
}

export type Say = (id: string, values?: Readonly<Record<string, string>>) => string;

export function readSettings(): { readonly settings: ClientSettings; readonly say: Say } {
  const settings = JSON.parse(document.getElementById("portal")?.dataset.settings ?? "") as ClientSettings;
  const say: Say = (id, values = {}) => {
    const words = settings.words[id];
    if (words === undefined) throw new Error(`the page has no words for ${id}`);
    return words.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? "");
  };
  return { settings, say };
}

/** `bytes` as a person reads a size, in the page's language. */
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
