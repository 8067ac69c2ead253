import { button, byId, make } from "../dom/index.js";
import type { Line } from "./messages.js";
import { saveLetter } from "./save-letter.js";
import { type ClientSettings, type Say, saySize } from "./settings.js";
import { TimeRemaining } from "./time-remaining.js";
import { keepAwake } from "./wake-lock.js";

/** Message ids. */
export interface SendingWords {
  readonly title: string;
  readonly phase: string;
}

/** While a letter becomes a file. */
export const SAVING: SendingWords = { title: "offline-encrypting-title", phase: "offline-encrypting" };

export interface SendingActions {
  readonly pause: () => void;
  readonly resume: () => void;
  readonly cancel: () => void;
  /** Saves the letter as a file instead; null where that is being done, or what is sent is a file. */
  readonly keep: (() => void) | null;
}

/** Without progress for so long, waiting may lead nowhere. */
const WAIT_MS = 30_000;

const PHASES: Readonly<Record<Exclude<Line, "working">, string>> = {
  narrow: "client-phase-narrow",
  broken: "client-phase-waiting",
  busy: "client-phase-busy",
  proving: "client-phase-proving",
};

/** Shown while a submission is sent or saved: the current phase, a progress bar, the time left, pause and cancel. */
export class SendingView {
  readonly #element: HTMLElement;
  readonly #settings: ClientSettings;
  readonly #say: Say;
  readonly #heading: HTMLHeadingElement;
  readonly #bar = make("progress", { max: "1", value: "0" });
  /** For screen readers, which announce phases but not every byte. */
  readonly #phase = make("p", { role: "status" });
  readonly #amount = make("p", { class: "note" });
  readonly #pause: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #keep: HTMLElement;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  readonly #remaining = new TimeRemaining();
  /** The message of the phase in which bytes are sent. */
  #working: string;
  readonly #sending: string;
  #paused = false;
  /** What is sent, without how long the rest takes. */
  #amounts = "";
  #letSleep = () => {};
  /** Set on cancelling: later reports no longer change the phase. */
  #ending = false;

  constructor(settings: ClientSettings, say: Say, words: SendingWords, actions: SendingActions) {
    this.#settings = settings;
    this.#say = say;
    this.#sending = words.phase;
    this.#working = words.phase;
    this.#heading = make("h1", { tabindex: "-1" }, say(words.title));
    this.#bar.setAttribute("aria-label", say("progress-bar"));
    this.#phase.textContent = say("client-phase-preparing");
    this.#pause = button(say("client-pause"), () => {
      this.#paused = !this.#paused;
      this.#remaining.reset();
      this.#amount.textContent = this.#amounts;
      this.#pause.textContent = say(this.#paused ? "client-resume" : "client-pause");
      this.#phase.textContent = say(this.#paused ? "client-phase-paused" : this.#working);
      if (this.#paused) actions.pause();
      else actions.resume();
    });
    this.#cancel = button(say("client-cancel"), () => {
      this.#ending = true;
      this.#pause.disabled = true;
      this.#cancel.disabled = true;
      this.#phase.textContent = say("client-phase-cancelling");
      actions.cancel();
    });
    const { keep } = actions;
    this.#keep = make("div", { hidden: "" }, ...(keep === null ? [] : saveLetter(say, keep)));
    this.#element = make(
      "section",
      { class: "sending" },
      this.#heading,
      this.#phase,
      this.#bar,
      this.#amount,
      make("p", {}, say("client-keep-open")),
      make("p", { class: "actions" }, this.#pause, this.#cancel),
      this.#keep,
    );
  }

  show(): void {
    this.#letSleep = keepAwake();
    byId("main").prepend(this.#element);
    byId("main").className = "busy";
    this.#heading.focus();
  }

  hide(): void {
    this.#wait(false);
    this.#letSleep();
    this.#element.remove();
    byId("main").className = "";
  }

  progress(sent: number, total: number): void {
    const { language } = this.#settings;
    if (sent > this.#bar.value) this.#wait(false);
    this.#bar.max = total;
    this.#bar.value = sent;
    const amounts = { done: saySize(this.#say, language, sent), total: saySize(this.#say, language, total) };
    const left = this.#remaining.after(sent, total, performance.now());
    const time = left === null || this.#paused ? "" : ` · ${this.#sayTime(left)}`;
    this.#amounts = this.#say("client-amount", amounts);
    this.#amount.textContent = this.#amounts + time;
    if (!this.#paused) this.#announce(this.#working);
  }

  /** All bytes are sent; the server has not confirmed storage yet. */
  storing(): void {
    this.#amount.textContent = "";
    this.#pause.disabled = true;
    this.#wait(true);
    this.#announce("client-phase-storing");
  }

  line(line: Line): void {
    this.#remaining.reset();
    // While nothing is sent, nobody knows how long the rest takes.
    this.#amount.textContent = this.#amounts;
    const phase = line === "working" ? this.#sending : PHASES[line];
    if (line !== "working" && line !== "narrow") this.#wait(true);
    if (line === "working" || line === "narrow") this.#working = phase;
    this.#announce(phase);
  }

  /** Only bytes that arrive end the waiting: a busy server answers questions. What is offered stays. */
  #wait(waiting: boolean): void {
    if (waiting) {
      this.#waiting ??= setTimeout(() => {
        this.#keep.hidden = this.#ending;
      }, WAIT_MS);
      return;
    }
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }

  #announce(id: string): void {
    const words = this.#say(id);
    if (!this.#ending && this.#phase.textContent !== words) this.#phase.textContent = words;
  }

  #sayTime(milliseconds: number): string {
    const minutes = Math.ceil(milliseconds / 60_000);
    return minutes <= 1
      ? this.#say("client-left-minute")
      : this.#say("client-left-minutes", { minutes: String(minutes) });
  }
}
