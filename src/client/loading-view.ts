import { button, make } from "../dom/index.js";
import type { LoadState } from "./loader/index.js";
import type { FailureCode } from "./messages.js";
import type { Say } from "./settings.js";

/** Failures in a row after which the page says that nothing gets through, and what to do. */
const MANY_FAILURES = 3;
/** Sentences of the advice. */
const ADVICE = 5;

/** Shows how far loading is, and what a person can do while nothing gets through. */
export class LoadingView {
  readonly #say: Say;
  readonly #elements = new Set<HTMLElement>();
  readonly #unready: string;
  #shown = "";

  /** @param unready id of what it says first where nothing can be loaded */
  constructor(say: Say, unready: string) {
    this.#say = say;
    this.#unready = unready;
  }

  /** @returns how to stop */
  show(element: HTMLElement, state: LoadState): () => void {
    this.#elements.add(element);
    this.#render(element, state);
    return () => this.#elements.delete(element);
  }

  change(state: LoadState): void {
    const shown = `${this.#describe(state)} ${state.failures >= MANY_FAILURES}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    for (const element of this.#elements) this.#render(element, state);
  }

  /** Shows why nothing can be loaded, and offers `choices` besides another attempt. */
  fail(element: HTMLElement, code: FailureCode, tryAgain: () => void, choices: readonly Node[]): void {
    const say = this.#say;
    this.#elements.delete(element);
    element.replaceChildren(
      make("strong", { class: "fault" }, say(this.#unready)),
      make("p", {}, say(`client-fault-${code}`)),
      button(say("client-try-again"), tryAgain),
      ...choices,
      this.advice(),
    );
  }

  advice(): HTMLElement {
    const items = Array.from({ length: ADVICE }, (_none, index) => make("li", {}, this.#say(`narrow-${index + 1}`)));
    return make("details", {}, make("summary", {}, this.#say("narrow-title")), make("ul", {}, ...items));
  }

  #render(element: HTMLElement, state: LoadState): void {
    const failing = state.failures >= MANY_FAILURES;
    element.replaceChildren(
      this.#describe(state),
      ...(state.narrow ? [make("p", { class: "note" }, this.#say("narrow-note"))] : []),
      ...(failing ? [make("p", { class: "fault" }, this.#say("narrow-waiting")), this.advice()] : []),
    );
  }

  #describe({ loaded, total, narrow, failures }: LoadState): string {
    const amounts = { done: String(loaded), total: String(total) };
    if (failures >= MANY_FAILURES || narrow) return this.#say("client-preparing-parts", amounts);
    return this.#say("client-preparing");
  }
}
