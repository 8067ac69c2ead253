import { createHash } from "node:crypto";
import { type CaseCounts, type CountTable, showHidden } from "../../cases/index.js";
import { loadTexts, STAFF_LOCALES, type Texts } from "../../locales/index.js";
import { escaped } from "./escape.js";

const STYLE = `body{font:15px/1.5 sans-serif;max-width:44rem;margin:1rem auto;padding:0 1rem;color:#000;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}section{break-inside:avoid}
table{border-collapse:collapse;width:100%}th{font-weight:400;text-align:start;width:40%;overflow-wrap:anywhere}
th,td{border-bottom:1px solid #ccc;padding:.15rem .4rem}td:last-child{text-align:end;width:4rem}
svg{display:block;width:100%;height:.8rem}rect{fill:#33638a}
@media print{body{font-size:11pt;margin:0;max-width:none}rect{print-color-adjust:exact}}
@page{margin:18mm 15mm;@bottom-right{content:counter(page) " / " counter(pages)}}`;
/** A page of more rows is no overview; the table for spreadsheets has all. */
const MAX_ROWS = 40;

export interface CountsPage {
  readonly counts: CaseCounts;
  /** Whether the counts are for people outside the team. */
  readonly report: boolean;
  /** `uk` or `en`. */
  readonly language: string;
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
}

/** Counts as a page to read and print, with a bar for each row. Without scripts and connections. */
export function renderCountsPage({ counts, report, language, day }: CountsPage): string {
  const texts = loadTexts(STAFF_LOCALES).get(language);
  if (texts === undefined) throw new RangeError(`there is no language ${language}`);
  const say = (id: string, values: Record<string, string | number> = {}) => escaped(texts.say(`counts-${id}`, values));
  const style = createHash("sha256").update(STYLE).digest("base64");
  return `<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${style}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say("title")}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${say("title")}</h1>
<p>${say("made", { day })}</p>
<p>${say(report ? "about" : "all", { count: counts.cases })}</p>
<p>${say(report ? "rounded" : "private")}</p>
${counts.tables.map((table) => section(texts, table, report)).join("\n")}
</body>
</html>
`;
}

function section(texts: Texts, { by, rows, withheld }: CountTable, report: boolean): string {
  const say = (id: string, values: Record<string, string | number> = {}) => escaped(texts.say(`counts-${id}`, values));
  const most = Math.max(1, ...rows.map(({ cases }) => cases));
  // Of months the last, of others the most frequent.
  const shown = by === "month" ? rows.slice(-MAX_ROWS) : rows.slice(0, MAX_ROWS);
  const lines = shown.map(({ label, cases }) => {
    const name = label === "" ? say("untold") : escaped(sayLabel(texts, by, label));
    const width = Math.max(0.5, (100 * cases) / most).toFixed(1);
    const bar = `<svg aria-hidden="true"><rect width="${width}%" height="100%"/></svg>`;
    return `<tr><th scope="row">${name}</th><td>${bar}</td><td>${report ? `≈ ${cases}` : cases}</td></tr>`;
  });
  const notes = [
    ...(rows.length > shown.length ? [say("more", { count: rows.length - shown.length })] : []),
    ...(withheld ? [say("withheld")] : []),
    ...(by === "article" || by === "request" ? [say("several")] : []),
  ];
  return `<section><h2>${say(`by-${by}`)}</h2>
<table><tbody>${lines.join("\n")}</tbody></table>${notes.map((note) => `<p>${note}</p>`).join("")}</section>`;
}

function sayLabel(texts: Texts, by: CountTable["by"], label: string): string {
  return by === "status" ? texts.say(`status-${label}`) : showHidden(label);
}
