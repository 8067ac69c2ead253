import { button, make } from "../dom/index.js";
import { type ClientSettings, type Say, saySize } from "./settings.js";

/** The documents chosen so far: picked, dropped or photographed; each can be taken out again. */
export class DocumentList {
  /** What documents are picked with. */
  readonly chooser: HTMLButtonElement;
  readonly #settings: ClientSettings;
  readonly #say: Say;
  readonly #list = make("ul", { class: "documents" });
  readonly #note = make("p", { class: "fault", role: "alert", hidden: "" });
  #files: File[] = [];

  /** Enhances the file field of the form; where it asks for no documents, there are none. */
  constructor(field: HTMLInputElement | null, settings: ClientSettings, say: Say) {
    this.chooser = button(say("client-choose"), () => field?.click());
    this.#settings = settings;
    this.#say = say;
    // A file dropped beside the field would otherwise be opened by the browser, and the letter be gone.
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
        this.#add(input.files);
        // The same file may be chosen again after it was taken out.
        input.value = "";
      });
    }
    const place = field.closest(".field") ?? field;
    // The browser's own control would go on saying that nothing was chosen.
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
    document.addEventListener("drop", (event) => {
      if (this.#list.checkVisibility?.() !== false) this.#add(event.dataTransfer?.files ?? null);
    });
  }

  get files(): readonly File[] {
    return this.#files;
  }

  /** Null while everything fits, else what is wrong. */
  get fault(): string | null {
    const { maxFiles, maxSubmission, language } = this.#settings;
    const total = this.#files.reduce((sum, { size }) => sum + size, 0);
    if (this.#files.length > maxFiles) return this.#say("client-too-many", { files: String(maxFiles) });
    if (total <= maxSubmission) return null;
    return this.#say("client-too-large", { size: saySize(this.#say, language, maxSubmission) });
  }

  wipe(): void {
    this.#files = [];
    this.#show();
  }

  #add(files: FileList | null): void {
    this.#files = [...this.#files, ...(files ?? [])];
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
        return make("li", {}, make("bdi", {}, file.name), ` · ${size} `, remove);
      }),
    );
    const fault = this.fault;
    this.#note.hidden = fault === null;
    this.#note.textContent = fault ?? "";
  }
}
