import { create } from "qrcode";
import { button, make } from "../dom/index.js";
import type { Say } from "./words.js";

const ID = "sheets";
/** Pixels of each square of a code, and squares of white around it. */
const SQUARE = 5;
const MARGIN = 4;

export interface Sheets {
  readonly shares: readonly (readonly string[])[];
  readonly need: number;
  /** What the shares are of, as people call it. */
  readonly label: string;
}

/** Shows each share as a page to print, with its words and a code of them, outside everything else on the page. */
export function showSheets(say: Say, { shares, need, label }: Sheets): void {
  hideSheets();
  const remove = button(say("desk-work-hide"), hideSheets);
  const pages = shares.map((words, index) => {
    const values = { number: String(index + 1), shares: String(shares.length), need: String(need), label };
    const about = ["share-keep", "share-join", "share-without"].map((id) =>
      make("p", {}, say(id, { ...values, words: String(words.length) })),
    );
    const list = make("ol", { translate: "no" }, ...words.map((word) => make("li", {}, word)));
    return make("section", {}, make("h2", {}, say("share-title", values)), ...about, list, drawCode(words));
  });
  const actions = make(
    "p",
    { class: "actions" },
    button(say("desk-work-print"), () => print(), "primary"),
    remove,
  );
  document.body.append(make("div", { id: ID }, actions, ...pages));
  document.body.classList.add(ID);
}

/** Removes the shares from the page. */
export function hideSheets(): void {
  document.getElementById(ID)?.remove();
  document.body.classList.remove(ID);
}

/** On a canvas: the page's policy allows no picture. */
function drawCode(words: readonly string[]): HTMLCanvasElement {
  // Capitals alone take the code's alphanumeric mode, which makes it a third smaller.
  const { modules } = create(words.join(" ").toUpperCase(), { errorCorrectionLevel: "M" });
  const side = String((modules.size + 2 * MARGIN) * SQUARE);
  const canvas = make("canvas", { width: side, height: side });
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column) === 0) continue;
      context.fillRect((MARGIN + column) * SQUARE, (MARGIN + row) * SQUARE, SQUARE, SQUARE);
    }
  }
  return canvas;
}
