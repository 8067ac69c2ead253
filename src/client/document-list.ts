import { button, make } from "../dom/index.js";
import { TAKE_OUT } from "./answer-field.js";
import type { DocumentTools, MakeDocumentTools, PictureTools } from "./documents/index.js";
import { droppedItems } from "./dropped-item.js";
import { type ClientSettings, type Say, saySize } from "./settings.js";

/** Loads what lists documents with all that it can do. Rejects where that does not arrive. */
export type LoadDocumentTools = () => Promise<{
  readonly documents: MakeDocumentTools;
  readonly pictures: PictureTools;
}>;

/** For those who drop something, and wait: after that they are told to choose it by the button. */
const LOAD_TIMEOUT_MS = 30_000;

/** The documents chosen so far: picked, dropped or photographed. A plain list until more is loaded. */
export class DocumentList {
  /** Opens the file picker. */
  readonly chooser: HTMLButtonElement;
  readonly #settings: ClientSettings;
  readonly #say: Say;
  readonly #load: LoadDocumentTools;
  readonly #place = make("div", {});
  readonly #note = make("p", { class: "fault", role: "alert", hidden: "" });
  readonly #plain = make("p", { class: "note", hidden: "" });
  /** Chosen in another language of the page. */
  #tookOut = false;
  #tools: DocumentTools | null = null;
  #loading: Promise<DocumentTools | null> | null = null;
  #files: readonly File[] = [];
  /** Drops that are still being read. */
  #reading = 0;
  /** What is wrong with the folders that were dropped last. */
  #refused: readonly string[] = [];
  #wiped = false;

  /** @param field the form's file field, or null if it asks for no documents */
  constructor(field: HTMLInputElement | null, settings: ClientSettings, say: Say, load: LoadDocumentTools) {
    this.chooser = button(say("client-choose"), () => field?.click());
    this.#settings = settings;
    this.#say = say;
    this.#load = load;
    // Otherwise the browser would open a file dropped beside the field, and the letter would be lost.
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => event.preventDefault());
    if (field === null) return;
    const camera = make("input", {
      type: "file",
      accept: "image/*",
      capture: "environment",
      hidden: "",
      tabindex: "-1",
    });
    for (const input of [field, camera]) {
      input.addEventListener("change", () => {
        this.#refused = [];
        this.#add(input.files ?? []);
        // Lets the user pick the same file again after removing it.
        input.value = "";
      });
    }
    const place = field.closest(".field") ?? field;
    // What was chosen before the client came.
    const before = [...(field.files ?? [])];
    this.#tookOut = field.dataset.pictures === TAKE_OUT;
    field.value = "";
    // The browser's own control would keep saying that no file is chosen.
    field.hidden = true;
    place.append(
      camera,
      make(
        "p",
        { class: "actions" },
        this.chooser,
        button(say("client-camera"), () => camera.click()),
      ),
      this.#note,
      this.#place,
      this.#plain,
    );
    this.#add(before);
    document.addEventListener("drop", (event) => {
      if (this.#place.checkVisibility?.() !== false && event.dataTransfer !== null) void this.#drop(event.dataTransfer);
    });
  }

  get files(): readonly File[] {
    return this.#files;
  }

  /** Whether the person has chosen to take out of pictures what they tell. */
  get takesOut(): boolean {
    return this.#tools?.takesOut() ?? this.#tookOut;
  }

  /** What is sent of them, while there is no fault. */
  get outgoing(): readonly File[] {
    return this.#tools?.outgoing(this.#files) ?? this.#files;
  }

  /** The limit exceeded, or what is not read yet, as a sentence; null while everything is there and fits. */
  get fault(): string | null {
    if (this.#reading > 0) return this.#say("client-folder-reading");
    const { maxFiles, maxSubmission, language } = this.#settings;
    const total = this.#files.reduce((sum, { size }) => sum + size, 0);
    if (this.#files.length > maxFiles) return this.#say("client-too-many", { files: String(maxFiles) });
    if (total > maxSubmission)
      return this.#say("client-too-large", { size: saySize(this.#say, language, maxSubmission) });
    if (this.#tools !== null) return this.#tools.fault();
    if (!this.#tookOut || this.#files.length === 0) return null;
    // Nothing goes with what was to be taken out, also where the tools do not come at the first attempt.
    void this.#loadTools();
    return this.#say("documents-reading");
  }

  /** A file could not be read while it was sent. */
  checkAgain(): void {
    this.#tools?.checkAgain();
  }

  wipe(): void {
    this.#wiped = true;
    this.#set([]);
  }

  async #drop(data: DataTransfer): Promise<void> {
    const items = droppedItems(data);
    this.#reading += 1;
    this.#refused = [];
    this.#explain();
    const tools = await Promise.race([this.#loadTools(), after(LOAD_TIMEOUT_MS)]);
    const dropped = await tools?.readDropped(items, this.#settings.maxFiles);
    this.#reading -= 1;
    if (this.#wiped) return;
    const limit = String(this.#settings.maxFiles);
    const refused = dropped?.refused ?? [];
    this.#refused = refused.map(({ name, fault }) => this.#say(`documents-folder-${fault}`, { name, files: limit }));
    if (dropped === undefined) this.#refused = [this.#say("client-documents-plain")];
    this.#add(dropped?.files ?? []);
  }

  #add(files: Iterable<File>): void {
    this.#set([...this.#files, ...files]);
    if (this.#files.length > 0) void this.#loadTools();
  }

  #set(files: readonly File[]): void {
    this.#files = files;
    if (this.#tools === null) this.#place.replaceChildren(this.#list());
    this.#tools?.show(files);
    this.#explain();
  }

  /** Null where they do not arrive; the next document is a new attempt. */
  #loadTools(): Promise<DocumentTools | null> {
    this.#loading ??= this.#load().then(
      ({ documents, pictures }) => {
        this.#plain.hidden = true;
        const change = (files: readonly File[]) => this.#set(files);
        const found = () => this.#explain();
        // Whoever is about to press a button of the plain list presses the same one here.
        const buttons: (Element | null)[] = [...this.#place.querySelectorAll("button")];
        const focused = buttons.indexOf(document.activeElement);
        const tools = documents(
          { element: this.#place, settings: this.#settings, say: this.#say, takesOut: this.#tookOut, change, found },
          pictures,
        );
        this.#tools = tools;
        this.#set(this.#files);
        if (focused >= 0) (this.#place.querySelectorAll<HTMLElement>("li button")[focused] ?? this.chooser).focus();
        return tools;
      },
      () => {
        this.#loading = null;
        this.#plain.textContent = this.#say("client-documents-plain");
        this.#plain.hidden = false;
        return null;
      },
    );
    return this.#loading;
  }

  #list(): HTMLElement {
    const items = this.#files.map((file) => {
      const remove = button(this.#say("client-remove"), () => {
        this.#set(this.#files.filter((other) => other !== file));
        this.chooser.focus();
      });
      remove.setAttribute("aria-label", `${this.#say("client-remove")}: ${file.name}`);
      const size = saySize(this.#say, this.#settings.language, file.size);
      const name = make("bdi", { translate: "no" }, file.name);
      return make("li", {}, make("span"), make("div", {}, name, ` · ${size}`), remove);
    });
    return make("ul", { class: "documents" }, ...items);
  }

  #explain(): void {
    const faults = [...(this.fault === null ? [] : [this.fault]), ...this.#refused];
    const words = faults.join(" ");
    this.#note.hidden = words === "";
    if (this.#note.textContent !== words) this.#note.textContent = words;
  }
}

function after(milliseconds: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), milliseconds);
  });
}
