import { button, make } from "../dom/index.js";
import type { ReaderActions } from "./reader-keys.js";

export type Say = (id: string, values?: Readonly<Record<string, string>>) => string;

/** The buttons of the reader, and what they say of the present view. */
export class ReaderTools {
  readonly element = make("div", { class: "reader-tools" });
  readonly #say: Say;
  readonly #scale = make("span", { class: "reader-scale" });
  readonly #where = make("span", { class: "reader-page" });
  readonly #magnifier: HTMLButtonElement;
  readonly #turners: readonly HTMLButtonElement[];

  constructor(say: Say, actions: ReaderActions) {
    this.#say = say;
    this.#magnifier = button(say("reading-magnifier"), actions.magnify);
    this.#turners = [
      button(say("reading-previous"), () => actions.page(-1)),
      button(say("reading-next"), () => actions.page(1)),
    ];
    this.element.append(
      button(say("reading-closer"), () => actions.zoom(1)),
      button(say("reading-farther"), () => actions.zoom(-1)),
      button(say("reading-whole"), actions.whole),
      button(say("reading-turn"), actions.turn),
      this.#magnifier,
      this.#scale,
    );
    this.setMagnifier(false);
  }

  setMagnifier(on: boolean): void {
    this.#magnifier.setAttribute("aria-pressed", String(on));
  }

  setScale(percent: number): void {
    this.#scale.textContent = this.#say("reading-scale", { percent: String(percent) });
  }

  /** @param page from 1. A document of one page has nothing to turn to. */
  setPage(page: number, count: number): void {
    if (count > 1 && !this.#where.isConnected) this.element.append(...this.#turners, this.#where);
    this.#where.textContent = this.#say("reading-page", { page: String(page), count: String(count) });
  }
}
