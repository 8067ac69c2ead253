import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { loadTexts } from "../locales/index.js";
import { readCases } from "./cases.js";

export const CASE_INDEX = "index.html";
const BUILD = new URL("../../public/build/", import.meta.url);
const STYLES = ["style.css", "pickup.css", "room.css"].map((name) => new URL(`../../public/${name}`, import.meta.url));
/** Stands where the data goes. */
const DATA = "@data@";
/** Values that a message may have; the page puts its own in their places. */
const PLACES = ["count", "day", "folder", "name", "size"];

/**
 * Writes `index.html` into the folder of the cases: one file that needs no network and may not use one. Every word of a
 * submission is in it as data, and gets onto the page as text.
 * @returns its path
 * @throws CaseNotesError
 */
export async function writeCaseIndex(folder: string): Promise<string> {
  const path = join(folder, CASE_INDEX);
  const unfinished = join(folder, `.${CASE_INDEX}`);
  const file = await open(unfinished, "w", 0o600);
  try {
    const [head = "", tail = ""] = renderIndex().split(DATA);
    await file.writeFile(`${head}{"words":${embed(allWords())},"cases":[`);
    let first = true;
    // One after the other: ten thousand letters need not be in memory at once.
    for await (const one of readCases(folder)) {
      await file.writeFile(`${first ? "" : ",\n"}${embed(one)}`);
      first = false;
    }
    await file.writeFile(`]}${tail}`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  return path;
}

/** The words of the page, by language, with places in braces. */
function allWords(): Record<string, Record<string, string>> {
  const texts = loadTexts(new URL("../locales/staff/", import.meta.url));
  const places = Object.fromEntries(PLACES.map((name) => [name, `{${name}}`]));
  const ids = [
    "language-name",
    ...readFileSync(new URL("../locales/staff/en.ftl", import.meta.url), "utf8").matchAll(
      /^((?:index|status|warning)-[\w-]+) =/gm,
    ),
  ];
  const names = ids.map((found) => (typeof found === "string" ? found : (found[1] ?? "")));
  return Object.fromEntries(
    [...texts].map(([language, { say }]) => [language, Object.fromEntries(names.map((id) => [id, say(id, places)]))]),
  );
}

/** As JSON, in which nothing can end its element. */
function embed(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

/** The page around its data. */
function renderIndex(): string {
  const script = readBuilt("index");
  const style = STYLES.map((url) => readFileSync(url, "utf8")).join("\n");
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    // Pictures lie beside the page; the page draws them and keeps only what it has drawn.
    "img-src file: 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return `<!doctype html>
<html lang="uk">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Postern</title>
<style>${style}</style>
</head>
<body class="pickup">
<script type="application/json" id="data">${DATA}</script>
<script>${script}</script>
</body>
</html>
`;
}

function readBuilt(entry: string): string {
  const name = readdirSync(BUILD).find((candidate) => candidate.startsWith(`${entry}-`));
  if (name === undefined) throw new Error(`public/build must hold ${entry}-*.js: run npm run build`);
  return readFileSync(new URL(name, BUILD), "utf8");
}

function digest(contents: string): string {
  return `sha256-${createHash("sha256").update(contents).digest("base64")}`;
}
