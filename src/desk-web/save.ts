import { make } from "../dom/index.js";

/** Puts `main` in the place of the one before. */
export function showMain(main: HTMLElement): void {
  const before = document.querySelector("main");
  if (before === null) document.body.prepend(main);
  else before.replaceWith(main);
}

/** How long a browser may take to begin saving what a link offers. */
const SAVE_TIME_MS = 60_000;

/** Offers `contents` to be saved as a file. */
export function save(name: string, contents: Blob): void {
  const address = URL.createObjectURL(contents);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), SAVE_TIME_MS);
}
