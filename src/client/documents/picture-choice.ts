import { make } from "../../dom/index.js";
import type { Say } from "../settings.js";

/** The choice to take out of pictures where, when and with what they were taken. Off until the person chooses it. */
export class PictureChoice {
  readonly element: HTMLElement;
  readonly #box: HTMLInputElement;
  readonly #found = make("p", { class: "help", id: "pictures-found" });
  readonly #say: Say;

  /** @param chosen whether the person has chosen it before, in another language of the page */
  constructor(say: Say, chosen: boolean, change: () => void) {
    this.#say = say;
    this.#box = make("input", {
      type: "checkbox",
      id: "pictures",
      autocomplete: "off",
      "aria-describedby": "pictures-found",
    });
    this.#box.checked = chosen;
    this.#box.addEventListener("change", change);
    const label = make("label", { class: "choice" }, this.#box, say("documents-take-out"));
    this.element = make("div", { class: "pictures", hidden: "" }, label, this.#found);
  }

  get chosen(): "keep" | "take-out" {
    return this.#box.checked ? "take-out" : "keep";
  }

  /** @param pictures how many tell something */
  show(pictures: number): void {
    // A choice that was made stays to be seen, and can be taken back.
    this.element.hidden = pictures === 0 && !this.#box.checked;
    const words = this.#say("documents-found", { count: String(pictures) });
    const shown = `${words} ${this.#say("documents-take-out-means")}`;
    if (this.#found.textContent !== shown) this.#found.textContent = shown;
  }
}
