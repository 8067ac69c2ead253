import { button, make } from "../dom/index.js";
import type { Pages } from "./pages.js";
import { type ReaderActions, readerAction } from "./reader-keys.js";
import { ReaderTools, type Say } from "./reader-tools.js";
import { RenderError } from "./render-error.js";
import { Sheet } from "./sheet.js";

/** A document to be read. */
export interface Reading {
  /** Made visible already. */
  readonly name: string;
  /** Whether to warn first, since a decoder of ours reads what may have been written to break it. */
  readonly warn: boolean;
  /** The file that staff must choose, since the page may not read it by itself; null if it may. */
  readonly choose: { readonly path: string; readonly bytes: number } | null;
  /** @param chosen by staff, or null */
  readonly open: (chosen: File | null, signal: AbortSignal) => Promise<Pages>;
  /** What to say of a failure that is no RenderError. */
  readonly explain: (cause: unknown) => string;
}

/** Shows a document above the page until it is closed. Nothing is read before staff have seen the warning. */
export function openReader(say: Say, reading: Reading): void {
  const reader = new Reader(say, reading);
  document.body.append(reader.element);
  reader.begin();
}

class Reader {
  readonly element = make("dialog", { class: "reader" });
  readonly #say: Say;
  readonly #reading: Reading;
  readonly #abort = new AbortController();
  readonly #status = make("p", { role: "status" });
  readonly #before = make("div", { class: "before-reading" });
  readonly #tools: ReaderTools;
  readonly #sheet: Sheet;
  #pages: Pages | null = null;
  #page = 0;
  #busy = false;

  constructor(say: Say, reading: Reading) {
    this.#say = say;
    this.#reading = reading;
    this.#tools = new ReaderTools(say, this.#actions);
    this.#sheet = new Sheet(reading.name, (percent) => this.#tools.setScale(percent));
    const title = make("h2", { id: "reader-title" }, make("bdi", {}, reading.name));
    this.element.setAttribute("aria-labelledby", "reader-title");
    const close = button(say("reading-close"), () => this.element.close(), "quiet close");
    const keys = make("p", { class: "note by-keyboard reader-keys" }, say("reading-keys"));
    this.element.append(
      make("header", {}, title, close),
      this.#before,
      this.#tools.element,
      this.#status,
      this.#sheet.element,
      keys,
    );
    this.#show(this.#before);
    this.element.addEventListener("keydown", (event) => this.#press(event));
    this.element.addEventListener("close", () => this.#end());
  }

  begin(): void {
    const { warn, choose } = this.#reading;
    this.element.showModal();
    if (!warn) {
      void this.#open(null);
      return;
    }
    this.#before.append(make("p", { class: "alert" }, this.#say("reading-warning")));
    if (choose === null) {
      const show = button(this.#say("reading-show"), () => void this.#open(null), "primary show");
      this.#before.append(show);
      show.focus();
      return;
    }
    const field = make("input", { id: "reader-file", type: "file" });
    const label = make("label", { for: "reader-file" }, this.#say("reading-choose", { path: choose.path }));
    field.addEventListener("change", () => {
      const [file] = field.files ?? [];
      if (file === undefined) return;
      if (file.size === choose.bytes) void this.#open(file);
      else this.#fail(this.#say("reading-other-file"));
    });
    this.#before.append(make("div", { class: "field" }, label, field));
    field.focus();
  }

  readonly #actions: ReaderActions = {
    zoom: (steps) => this.#sheet.zoom(steps),
    whole: () => this.#sheet.whole(),
    turn: () => this.#sheet.turn(),
    magnify: () => this.#tools.setMagnifier(this.#sheet.magnify()),
    move: (right, down) => this.#sheet.step(right, down),
    page: (by) => {
      const next = this.#page + by;
      if (!this.#busy && next >= 0 && next < (this.#pages?.count ?? 0)) void this.#draw(next);
    },
  };

  async #open(chosen: File | null): Promise<void> {
    this.#show(null);
    this.#tell(this.#say("reading-working"));
    try {
      const pages = await this.#reading.open(chosen, this.#abort.signal);
      // It may have been closed meanwhile.
      if (!this.element.open) {
        pages.close();
        return;
      }
      this.#pages = pages;
      await this.#draw(0);
    } catch (cause) {
      this.#failed(cause);
    }
  }

  async #draw(page: number): Promise<void> {
    this.#busy = true;
    this.#page = page;
    this.#tell(this.#say("reading-working"));
    try {
      const bitmap = await this.#pages?.draw(page);
      if (bitmap === undefined) return;
      if (!this.element.open) {
        bitmap.close();
        return;
      }
      this.#tell("");
      this.#tools.setPage(page + 1, this.#pages?.count ?? 1);
      const first = this.#sheet.element.hidden;
      this.#show(this.#sheet.element);
      this.#sheet.show(bitmap);
      if (first) this.#sheet.element.focus();
    } catch (cause) {
      this.#failed(cause);
    } finally {
      this.#busy = false;
    }
  }

  #failed(cause: unknown): void {
    if (!this.element.open) return;
    const isOurs = cause instanceof RenderError;
    this.#fail(isOurs ? this.#say(`reading-fault-${cause.code}`) : this.#reading.explain(cause));
  }

  #fail(words: string): void {
    this.#tell(words);
    this.#status.className = "alert";
    this.#sheet.element.hidden = true;
    // A later page can still be turned to, unless the worker has ended: then each says so.
    this.#tools.element.hidden = (this.#pages?.count ?? 0) < 2;
  }

  #tell(words: string): void {
    this.#status.className = "";
    this.#status.textContent = words;
  }

  /** One of: what comes before reading, the sheet with its tools, or neither. */
  #show(what: HTMLElement | null): void {
    this.#before.hidden = what !== this.#before;
    this.#sheet.element.hidden = what !== this.#sheet.element;
    this.#tools.element.hidden = this.#sheet.element.hidden;
  }

  #press(event: KeyboardEvent): void {
    // The page's own keys would change the case below.
    event.stopPropagation();
    if (event.target instanceof HTMLInputElement || this.#sheet.element.hidden) {
      if (!/^Page(?:Up|Down)$/.test(event.code)) return;
    }
    const act = readerAction(event, this.#actions);
    if (act === null) return;
    event.preventDefault();
    act();
  }

  #end(): void {
    this.#abort.abort();
    this.#pages?.close();
    this.#sheet.close();
    this.element.remove();
  }
}
