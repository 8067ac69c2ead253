import { button, make } from "../dom/index.js";
import { droppedFiles } from "./dropped-files.js";
import { type ClientSettings, type Say, saySize } from "./settings.js";

/** The documents chosen so far: picked, dropped or photographed. Each can be removed again. */
export class DocumentList {
  /** Opens the file picker. */
  readonly chooser: HTMLButtonElement;
  readonly #settings: ClientSettings;
  readonly #say: Say;
  readonly #list = make("ul", { class: "documents" });
  readonly #note = make("p", { class: "fault", role: "alert", hidden: "" });
  #files: File[] = [];
  /** Drops that are still being read. */
  #reading = 0;
  /** What is wrong with the folders that were dropped last. */
  #refused: readonly string[] = [];
  #wiped = false;

  /** @param field the form's file field, or null if it asks for no documents */
  constructor(field: HTMLInputElement | null, settings: ClientSettings, say: Say) {
    this.chooser = button(say("client-choose"), () => field?.click());
    this.#settings = settings;
    this.#say = say;
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
    this.#files = [...(field.files ?? [])];
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
      this.#list,
    );
    this.#show();
    document.addEventListener("drop", (event) => {
      if (this.#list.checkVisibility?.() !== false && event.dataTransfer !== null) void this.#drop(event.dataTransfer);
    });
  }

  get files(): readonly File[] {
    return this.#files;
  }

  /** The limit exceeded, or what is not read yet, as a sentence; null while everything is there and fits. */
  get fault(): string | null {
    if (this.#reading > 0) return this.#say("client-folder-reading");
    const { maxFiles, maxSubmission, language } = this.#settings;
    const total = this.#files.reduce((sum, { size }) => sum + size, 0);
    if (this.#files.length > maxFiles) return this.#say("client-too-many", { files: String(maxFiles) });
    if (total <= maxSubmission) return null;
    return this.#say("client-too-large", { size: saySize(this.#say, language, maxSubmission) });
  }

  wipe(): void {
    this.#wiped = true;
    this.#files = [];
    this.#show();
  }

  async #drop(data: DataTransfer): Promise<void> {
    const dropping = droppedFiles(data, this.#settings.maxFiles);
    this.#reading += 1;
    this.#refused = [];
    this.#show();
    const { files, refused } = await dropping;
    this.#reading -= 1;
    if (this.#wiped) return;
    const limit = String(this.#settings.maxFiles);
    this.#refused = refused.map(({ name, fault }) => this.#say(`client-folder-${fault}`, { name, files: limit }));
    this.#add(files);
  }

  #add(files: Iterable<File>): void {
    this.#files = [...this.#files, ...files];
    this.#show();
  }

  #show(): void {
    this.#list.replaceChildren(
      ...this.#files.map((file) => {
        const remove = button(this.#say("client-remove"), () => {
          this.#files = this.#files.filter((other) => other !== file);
          this.#show();
        });
        remove.setAttribute("aria-label", `${this.#say("client-remove")}: ${file.name}`);
        const size = saySize(this.#say, this.#settings.language, file.size);
        return make("li", {}, make("bdi", { translate: "no" }, file.name), ` · ${size} `, remove);
      }),
    );
    const faults = [...(this.fault === null ? [] : [this.fault]), ...this.#refused];
    this.#note.hidden = faults.length === 0;
    this.#note.textContent = faults.join(" ");
  }
}
