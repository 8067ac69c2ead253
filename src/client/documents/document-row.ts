import { button, make } from "../../dom/index.js";
import type { PictureData } from "../../pictures/index.js";
import { type ClientSettings, type Say, saySize } from "../settings.js";
import type { Examined } from "./examine.js";

/** One document in the list. Its element stays the same, so that it keeps the focus. */
export class DocumentRow {
  readonly element: HTMLLIElement;
  readonly remove: HTMLButtonElement;
  readonly #settings: ClientSettings;
  readonly #say: Say;
  readonly #picture = make("span", { class: "thumbnail" });
  readonly #about = make("div", { class: "about" });

  constructor(file: File, settings: ClientSettings, say: Say, remove: () => void) {
    this.#settings = settings;
    this.#say = say;
    this.remove = button(say("client-remove"), remove);
    this.remove.setAttribute("aria-label", `${say("client-remove")}: ${file.name}`);
    const size = saySize(say, settings.language, file.size);
    const name = make("bdi", { translate: "no" }, file.name);
    const words = make("div", {}, name, make("span", { class: "note" }, ` · ${size}`));
    this.element = make("li", {}, this.#picture, words, this.remove, this.#about);
  }

  /**
   * @param twin whether the same document stands before it
   * @param choice what the person has chosen about the data in pictures
   */
  update(found: Examined, twin: boolean, silent: boolean, choice: "keep" | "take-out"): void {
    const say = this.#say;
    if (found.thumbnail !== null) this.#picture.replaceChildren(found.thumbnail);
    const { picture } = found;
    const impossible = picture === "unknown" && choice === "take-out";
    const fault = found.fault === null ? (twin ? "documents-double" : null) : `documents-${found.fault}`;
    const notes = [
      ...(fault === null ? [] : [make("p", { class: "fault" }, say(fault))]),
      ...(impossible ? [make("p", { class: "fault" }, say("documents-impossible"))] : []),
      ...(picture === "unknown" && !impossible ? [make("p", { class: "note" }, say("documents-unknown"))] : []),
    ];
    if (picture !== null && picture !== "unknown" && !silent) {
      const told = make("bdi", { translate: "no" }, this.#tell(picture.data));
      const id = choice === "keep" ? "documents-inside" : "documents-outside";
      notes.push(make("p", { class: "note" }, `${say(id)} `, choice === "keep" ? told : make("s", {}, told)));
    }
    this.#about.replaceChildren(...notes);
  }

  #tell({ place, taken, camera, software, other }: PictureData): string {
    const say = this.#say;
    const told = [
      place === null ? null : say("documents-place", { place }),
      taken === null ? null : sayTime(taken, this.#settings.language),
      camera,
      software,
      other ? say("documents-other") : null,
    ];
    return told.filter((each) => each !== null).join(" · ");
  }
}

function sayTime(taken: string, language: string): string {
  const time = new Date(`${taken}Z`);
  if (Number.isNaN(time.getTime())) return taken;
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(time);
}
