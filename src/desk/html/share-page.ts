import { createHash } from "node:crypto";
import { toString as drawCode } from "qrcode";
import { loadTexts, STAFF_LOCALES, type Texts } from "../../locales/index.js";
import { escaped } from "./escape.js";

const STYLE = `body{font:16px/1.4 sans-serif;max-width:40rem;margin:1rem auto;padding:0 1rem;color:#000;background:#fff}
ol{columns:3 9rem;padding:0;list-style:decimal inside;font:18px/1.4 monospace}pre{position:absolute;top:0;left:-999rem}svg{width:12rem}h1{font-size:1.2rem;overflow-wrap:anywhere}`;

export interface SharePage {
  readonly words: readonly string[];
  /** Which share this is, from 1. */
  readonly number: number;
  readonly shares: number;
  readonly need: number;
  /** What the share is of, as people call it. */
  readonly label: string;
}

/** One share as a page to print: the words, numbered, and a QR code of them. Without scripts and connections. */
export async function renderSharePage(page: SharePage): Promise<string> {
  // Capitals alone take the code's alphanumeric mode, which makes it a third smaller.
  const code = await drawCode(page.words.join(" ").toUpperCase(), { type: "svg", errorCorrectionLevel: "M" });
  const style = createHash("sha256").update(STYLE).digest("base64");
  const words = page.words.map((word) => `<li>${word}</li>`).join("");
  const texts = [...loadTexts(STAFF_LOCALES).values()];
  return `<!doctype html>
<html lang="${texts[0]?.language ?? "en"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${style}'">
<title>${escaped(page.label)}: ${page.number}/${page.shares}</title>
<style>${STYLE}</style>
</head>
<body>
${texts.map((each) => aboutShare(each, page)).join("\n")}
<ol>${words}</ol>
${code.trim()}
<pre id="words">${page.words.join(" ")}</pre>
</body>
</html>
`;
}

function aboutShare({ language, say }: Texts, { number, shares, need, label, words }: SharePage): string {
  const lines = ["share-keep", "share-join", "share-without"].map((id) => say(id, { need, words: words.length }));
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`).join("");
  const title = say("share-title", { number, shares, label });
  return `<section lang="${language}"><h1>${escaped(title)}</h1>${paragraphs}</section>`;
}
