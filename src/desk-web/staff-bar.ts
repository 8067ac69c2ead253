import { MAX_LABEL_CHARS } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import type { LogFile } from "./log-file.js";
import type { Notebook } from "./notebook.js";
import type { Locale } from "./words.js";

/** Who writes, what became of the last step, undo, and where there is no server, the log to save. */
export class StaffBar {
  readonly #locale: Locale;
  readonly #notebook: Notebook;
  readonly #log: LogFile | null;
  readonly #told = make("p", { "aria-live": "polite", class: "told-saved" });
  #name: HTMLInputElement | null = null;
  /** Whether keys do anything: some people's tools press keys (WCAG 2.1.4). */
  shortcuts = true;

  /** @param log null if the workbench keeps what is written */
  constructor(locale: Locale, notebook: Notebook, log: LogFile | null) {
    this.#locale = locale;
    this.#notebook = notebook;
    this.#log = log;
  }

  draw(): HTMLElement {
    const { say } = this.#locale;
    const name = make("input", { id: "who", autocomplete: "off", maxlength: String(MAX_LABEL_CHARS) });
    name.value = this.#notebook.by;
    name.addEventListener("input", () => {
      this.#notebook.by = name.value;
    });
    this.#name = name;
    const undo = button(say("work-undo"), () => void this.#notebook.undo());
    undo.id = "undo";
    const saveLog = button(say("work-save-log"), () => {
      this.#log?.save();
      this.#say("work-log-saved", false);
    });
    saveLog.id = "save-log";
    saveLog.hidden = this.#log === null || this.#log.size === 0;
    this.#notebook.onTold = (told) => {
      saveLog.hidden = this.#log === null || this.#log.size === 0;
      const isFault = told === "not_kept" || told === "no_name";
      const here = this.#log !== null && (told === "saved" || told === "not_kept") ? "-here" : "";
      this.#say(`work-told-${told}${here}`, isFault);
      if (told === "no_name") this.#name?.focus();
    };
    const keys = make("input", { id: "shortcuts", type: "checkbox" });
    keys.checked = this.shortcuts;
    keys.addEventListener("change", () => {
      this.shortcuts = keys.checked;
    });
    return make(
      "section",
      { class: "staff-bar", "aria-label": say("work-title") },
      make("div", { class: "field" }, make("label", { for: "who" }, say("work-who")), name),
      make("p", { class: "actions" }, undo, saveLog),
      this.#told,
      make(
        "details",
        { id: "work-keys" },
        make("summary", {}, say("work-keys")),
        make("p", {}, say("work-keys-list")),
        make("p", {}, keys, " ", make("label", { for: "shortcuts" }, say("work-keys-on"))),
      ),
    );
  }

  #say(id: string, isFault: boolean): void {
    this.#told.className = isFault ? "told-saved fault" : "told-saved";
    this.#told.textContent = this.#locale.say(id);
  }
}
