import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { ENGINES, type Engine } from "../../cases/index.js";
import { loadTexts, STAFF_LOCALES } from "../../locales/index.js";

const BUILD = new URL("../../../public/build/", import.meta.url);
const STYLES = ["first.css", "style.css", "pickup.css", "desk.css"].map(
  (name) => new URL(`../../../public/${name}`, import.meta.url),
);

export interface HtmlPageParts {
  /** Name of the bundle that runs in the page. */
  readonly script: string;
  /** Name of the bundle that the page starts as a worker. */
  readonly worker?: string;
  /** JSON that cannot close its element, as {@link embed} writes it. */
  readonly data: string;
  /** More elements of data, which no script in the page can close. */
  readonly elements?: string;
  /** The same after the script, which runs before the browser has read them. */
  readonly later?: string;
  /** CSP directives that allow more than the default, which forbids everything. */
  readonly policy: readonly string[];
  /** What it may connect to, as a source of the CSP; nothing unless given. */
  readonly connect?: string;
}

/** The texts whose ids start with one of `prefixes`, by language and id. Braces mark the placeholders of values. */
export function pageWords(prefixes: readonly string[]): Record<string, Record<string, string>> {
  const source = readFileSync(new URL("en.ftl", STAFF_LOCALES), "utf8");
  const ids = [...source.matchAll(/^([\w-]+) =/gm)]
    .map(([, id = ""]) => id)
    .filter((id) => prefixes.some((prefix) => id.startsWith(`${prefix}-`)));
  const names = [...source.matchAll(/\$(\w+)/g)].map(([, name = ""]) => name);
  const placeholders = Object.fromEntries(names.map((name) => [name, `{${name}}`]));
  return Object.fromEntries(
    [...loadTexts(STAFF_LOCALES)].map(([language, { say }]) => [
      language,
      Object.fromEntries(["language-name", ...ids].map((id) => [id, say(id, placeholders)])),
    ]),
  );
}

/** The engines that this copy has: the server's package has none, since nobody reads documents there. */
export function builtEngines(): readonly Engine[] {
  const built = readdirSync(BUILD);
  return ENGINES.filter((engine) => built.some((name) => name.startsWith(`reading-${engine}-`)));
}

/** Elements of what draws documents, compressed, which the page unpacks once it is asked for a document. */
export function engineElements(engines: readonly Engine[]): string {
  const built = builtEngines();
  return engines
    .filter((engine) => built.includes(engine))
    .map((engine) => `<script type="text/plain" id="reading-${engine}">${readPacked(engine)}</script>\n`)
    .join("");
}

/** The script of an engine, for a server. */
export function readEngine(engine: Engine): Uint8Array {
  return inflateSync(Buffer.from(readPacked(engine), "base64"));
}

/** JSON that cannot close the script element around it. */
export function embed(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

/** One file that works without a network and may not use one. Its CSP allows its own script and style by digest. */
export function renderHtmlPage({
  script,
  worker,
  data,
  elements = "",
  later = "",
  policy,
  connect = "'none'",
}: HtmlPageParts): string {
  const client = readBuilt(script);
  const style = STYLES.map((url) => readFileSync(url, "utf8")).join("\n");
  const directives = [
    "default-src 'none'",
    `script-src '${digest(client)}'${worker === undefined ? "" : " 'wasm-unsafe-eval'"}`,
    `style-src '${digest(style)}'`,
    `connect-src ${connect}`,
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    ...policy,
  ];
  const workerElement =
    worker === undefined ? "" : `\n<script type="text/plain" id="worker">${readBuilt(worker)}</script>`;
  return `<!doctype html>
<html lang="uk">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${directives.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Postern</title>
<style>${style}</style>
</head>
<body class="pickup">
<noscript><main><p class="alert" lang="uk">Ця сторінка не працює без JavaScript. Увімкніть його: мережі вона не потребує.</p>
<p class="alert" lang="en">This page does not work without JavaScript. Turn it on: the page needs no network.</p></main></noscript>
<script type="application/json" id="data">${data}</script>${workerElement}
${elements}<script>${client}</script>
${later}</body>
</html>
`;
}

function readPacked(engine: Engine): string {
  const packed = readFileSync(findBuilt(`reading-${engine}`), "utf8");
  if (!/^[\w+/]+=*$/.test(packed)) throw new Error(`reading-${engine} must be Base64`);
  return packed;
}

function findBuilt(entry: string): URL {
  const name = readdirSync(BUILD).find((candidate) => candidate.startsWith(`${entry}-`));
  if (name === undefined) throw new Error(`public/build must hold ${entry}-*: run npm run build`);
  return new URL(name, BUILD);
}

function readBuilt(entry: string): string {
  const url = findBuilt(entry);
  const script = readFileSync(url, "utf8");
  if (/<\/script|<!--/i.test(script)) throw new Error(`${url} would end its element`);
  return script;
}

function digest(contents: string): string {
  return `sha256-${createHash("sha256").update(contents).digest("base64")}`;
}
