import { button, make } from "../dom/index.js";
import type { Say } from "./settings.js";

/** Offers the letter as an encrypted file, where it cannot be taken or does not get through. */
export function saveLetter(say: Say, save: () => void): readonly HTMLElement[] {
  return [button(say("client-save"), save), make("p", { class: "note" }, say("client-save-means"))];
}
