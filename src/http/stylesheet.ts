import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A stylesheet and how pages refer to it. */
export interface Stylesheet {
  /** Contains a digest of the contents, so that caches never serve another version. */
  readonly path: string;
  /** Subresource integrity (SHA-384). */
  readonly integrity: string;
  readonly contents: Buffer;
}

const FOLDER = new URL("../../public/", import.meta.url);

/** Joins the stylesheets `names` in public/ into one, named after the last. Comments and spaces stay behind. */
export function loadStylesheet(...names: readonly [string, ...string[]]): Stylesheet {
  const contents = names.map((name) => readFileSync(new URL(name, FOLDER), "utf8")).join("\n");
  return stylesheetOf(names[names.length - 1]?.replace(/\.css$/, "") ?? "", shortened(contents));
}

/** Our stylesheets hold no string with any of this in it. */
function shortened(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replaceAll(": ", ":")
    .replaceAll(";}", "}")
    .replace(/(?<=[ :(,])0\./g, ".")
    .trim();
}

/** The stylesheet with this text. */
export function stylesheetOf(name: string, text: string): Stylesheet {
  const contents = Buffer.from(text);
  const digest = createHash("sha256").update(contents).digest("hex").slice(0, 16);
  const integrity = `sha384-${createHash("sha384").update(contents).digest("base64")}`;
  return { path: `/${name}-${digest}.css`, integrity, contents };
}
