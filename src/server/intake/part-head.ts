/** What the head of one part of a multipart body says of it. */
export interface PartHead {
  /** Name of the form field; empty where the head has none that can be read. */
  readonly field: string;
  /** Name of a document as it was given, maybe empty; null for a text field. */
  readonly fileName: string | null;
  /** Media type, in lower case; empty if the head has none. */
  readonly type: string;
  /** What the text is encoded in, if that is said. */
  readonly charset: string | null;
  /** Whether another parser could read no name in it: a text's head that ends in a semicolon, as no browser's does. */
  readonly doubtful: boolean;
}

/** The end of a parameter's value: whatever else it holds, another parameter or nothing follows. */
const VALUE_END = /(?=\s*(?:;\s*[\w!#$%&'*+.^`|~-]+\s*=|;?\s*$))/.source;
/** Old Russian programs write names so where they do not write UTF-8. */
const FALLBACK_CHARSET = "windows-1251";

/**
 * Reads a part's head as leniently as can be without a guess: unescaped quotes, missing quotes, a trailing semicolon,
 * `filename*` in any known encoding (RFC 7578 section 4.2, RFC 8187).
 */
export function readPartHead(bytes: Uint8Array): PartHead {
  const lines = decode(bytes)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const header = (name: string) => {
    const line = lines.find((each) => each.slice(0, each.indexOf(":")).trim().toLowerCase() === name);
    return line === undefined ? null : line.slice(line.indexOf(":") + 1).trim();
  };
  const disposition = header("content-disposition") ?? "";
  const contentType = header("content-type") ?? "";
  const type = (/^[^;\s]+/.exec(contentType)?.[0] ?? "").toLowerCase();
  const named = extended(disposition, "filename") ?? parameter(disposition, "filename");
  const text = type === "" || type.startsWith("text/");
  return {
    field: unescapeName(extended(disposition, "name") ?? parameter(disposition, "name") ?? ""),
    fileName: named === null ? (text ? null : "") : unescapeName(named),
    type,
    charset: parameter(contentType, "charset"),
    doubtful: named === null && text && disposition.endsWith(";"),
  };
}

/** A parameter's value: between the first quote and the last one before what follows, or without quotes up to there. */
function parameter(header: string, name: string): string | null {
  const quoted = new RegExp(`;\\s*${name}\\s*=\\s*"(.*?)"${VALUE_END}`, "is").exec(header)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(["\\])/g, "$1");
  return new RegExp(`;\\s*${name}\\s*=\\s*(.*?)${VALUE_END}`, "is").exec(header)?.[1] ?? null;
}

/** The value of `name*` (RFC 8187 section 3.2), or null where it is none that can be read. */
function extended(header: string, name: string): string | null {
  const value = parameter(header, `${name}\\*`);
  const [, charset = "", escaped = ""] = /^([^']*)'[^']*'(.*)$/s.exec(value ?? "") ?? [];
  if (value === null || charset === "") return null;
  try {
    const bytes = escaped.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return new TextDecoder(charset).decode(Buffer.from(bytes, "latin1"));
  } catch {
    return null;
  }
}

/** Undoes what browsers escape in names, and nothing else (WHATWG HTML, multipart/form-data encoding algorithm). */
function unescapeName(name: string): string {
  const escapes: Readonly<Record<string, string>> = { "%0A": "\n", "%0D": "\r", "%22": '"' };
  return name.replace(/%0A|%0D|%22/gi, (found) => escapes[found.toUpperCase()] ?? found);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder(FALLBACK_CHARSET).decode(bytes);
  }
}
