import { button, make } from "../../dom/index.js";
import { type Say, saySize } from "../settings.js";
import { DocumentRow } from "./document-row.js";
import type { DocumentPlace, PictureTools } from "./document-tools.js";
import { type Examined, examine } from "./examine.js";
import { PictureChoice } from "./picture-choice.js";

/** So many are shown at first; a long list would push the button away. */
const SHOWN = 5;
/** Names in a sentence. */
const NAMED = 3;

/** The documents chosen: small pictures, what is wrong with each, what pictures tell, their total. */
export class DocumentView {
  readonly #place: DocumentPlace;
  readonly #pictures: PictureTools;
  readonly #list = make("ul", { class: "documents" });
  /** Read out when it changes: what was added or taken out. */
  readonly #total = make("p", { class: "note", role: "status" });
  readonly #all: HTMLButtonElement;
  readonly #choice: PictureChoice;
  readonly #rows = new Map<File, DocumentRow>();
  readonly #found = new Map<File, Examined>();
  #files: readonly File[] = [];
  #removed: { readonly file: File; readonly at: number } | null = null;
  #showsAll = false;
  #examining = false;

  constructor(place: DocumentPlace, pictures: PictureTools) {
    this.#place = place;
    this.#pictures = pictures;
    this.#all = button("", () => {
      this.#showsAll = !this.#showsAll;
      this.#render();
    });
    this.#choice = new PictureChoice(place.say, place.takesOut, () => this.#tell());
    place.element.replaceChildren(
      this.#list,
      make("p", { class: "actions" }, this.#all),
      this.#total,
      this.#choice.element,
    );
  }

  show(files: readonly File[]): void {
    const added = files.filter((file) => !this.#files.includes(file));
    if (added.length > 0) this.#removed = null;
    this.#files = files;
    for (const file of this.#rows.keys()) if (!files.includes(file)) this.#forget(file);
    if (files.length === 0) this.#removed = null;
    this.#render();
    void this.#examine();
  }

  get takesOut(): boolean {
    return this.#choice.chosen === "take-out";
  }

  get fault(): string | null {
    const { say } = this.#place;
    const unreadable = this.#files.filter((file) => this.#found.get(file)?.fault === "unreadable");
    if (unreadable.length > 0) return say("documents-unreadable-some", { name: named(say, unreadable) });
    if (!this.takesOut) return null;
    const unknown = this.#files.filter((file) => this.#found.get(file)?.picture === "unknown");
    if (unknown.length > 0) return say("documents-impossible-some", { name: named(say, unknown) });
    return this.#files.every((file) => this.#found.has(file)) ? null : say("documents-reading");
  }

  /** @throws Error where something could go with data that was to be taken out */
  outgoing(files: readonly File[]): readonly File[] {
    if (!this.takesOut) return files;
    return files.map((file) => {
      const found = this.#found.get(file);
      if (found === undefined || found.picture === "unknown") throw new Error("a picture was not examined");
      const { picture } = found;
      if (picture === null || this.#pictures.isSilent(picture.data)) return file;
      return new File([picture.copy()], file.name, { type: file.type, lastModified: 0 });
    });
  }

  checkAgain(): void {
    this.#found.clear();
    void this.#examine();
  }

  /** One document at a time: a decoded picture is large. */
  async #examine(): Promise<void> {
    if (this.#examining) return;
    this.#examining = true;
    for (let next = this.#unexamined(); next !== undefined; next = this.#unexamined()) {
      const found = await examine(next, this.#pictures).catch(
        (): Examined => ({ fault: "unreadable", picture: null, thumbnail: null, print: "" }),
      );
      if (this.#files.includes(next)) this.#found.set(next, found);
      this.#tell();
    }
    this.#examining = false;
  }

  #unexamined(): File | undefined {
    return this.#files.find((file) => !this.#found.has(file));
  }

  #forget(file: File): void {
    this.#rows.delete(file);
    this.#found.delete(file);
  }

  #remove(file: File): void {
    this.#removed = { file, at: this.#files.indexOf(file) };
    const rest = this.#files.filter((other) => other !== file);
    const { file: removed, at } = this.#removed;
    this.#place.change(rest);
    // The last one can be put back as well.
    this.#removed = { file: removed, at };
    this.#render();
    this.#list.querySelector<HTMLElement>(".removed button")?.focus();
  }

  #putBack(): void {
    if (this.#removed === null) return;
    const { file, at } = this.#removed;
    this.#place.change(this.#files.toSpliced(at, 0, file));
    this.#rows.get(file)?.remove.focus();
  }

  #render(): void {
    const { say, settings } = this.#place;
    const focused = document.activeElement;
    const rows = this.#files.flatMap((file, index) => {
      const wrong = this.#found.get(file)?.fault ?? null;
      return index < SHOWN || this.#showsAll || wrong !== null ? [this.#row(file).element] : [];
    });
    if (this.#removed !== null) rows.splice(this.#removed.at, 0, this.#undo(this.#removed.file));
    this.#list.replaceChildren(...rows);
    if (focused instanceof HTMLElement && this.#list.contains(focused)) focused.focus({ preventScroll: true });
    const count = String(this.#files.length);
    this.#all.hidden = this.#files.length <= SHOWN;
    this.#all.textContent = say(this.#showsAll ? "documents-fewer" : "documents-all", { count });
    this.#all.setAttribute("aria-expanded", String(this.#showsAll));
    const bytes = this.#files.reduce((sum, { size }) => sum + size, 0);
    const size = saySize(say, settings.language, bytes);
    const total = this.#files.length === 0 && this.#removed === null ? "" : say("documents-total", { count, size });
    if (this.#total.textContent !== total) this.#total.textContent = total;
    this.#tell();
  }

  /** Shows what was found out. */
  #tell(): void {
    const prints = new Set<string>();
    let telling = 0;
    for (const file of this.#files) {
      const found = this.#found.get(file);
      if (found === undefined) continue;
      const { picture, print } = found;
      const silent = picture === null || picture === "unknown" || this.#pictures.isSilent(picture.data);
      if (!silent) telling += 1;
      this.#row(file).update(found, print !== "" && prints.has(print), silent, this.#choice.chosen);
      prints.add(print);
      const { element } = this.#row(file);
      // What is wrong is shown wherever it stands.
      if (found.fault !== null && !element.isConnected) this.#list.append(element);
    }
    this.#choice.show(telling);
    this.#place.found();
  }

  #row(file: File): DocumentRow {
    const { settings, say } = this.#place;
    const row = this.#rows.get(file) ?? new DocumentRow(file, settings, say, () => this.#remove(file));
    this.#rows.set(file, row);
    return row;
  }

  #undo(file: File): HTMLLIElement {
    const { say } = this.#place;
    const name = make("bdi", { translate: "no" }, file.name);
    const words = make("div", { class: "note" }, `${say("documents-removed")} `, name);
    return make(
      "li",
      { class: "removed" },
      make("span"),
      words,
      button(say("documents-undo"), () => this.#putBack()),
    );
  }
}

function named(say: Say, files: readonly File[]): string {
  const names = files.slice(0, NAMED).map(({ name }) => say("quoted", { text: name }));
  return names.join(", ") + (files.length > NAMED ? "…" : "");
}
