import { make } from "../dom/index.js";

/** How long a browser may take to start the download. */
const SAVE_TIMEOUT_MS = 60_000;

/** Starts the download of `contents` as a file. */
export function save(name: string, contents: Blob): void {
  const address = URL.createObjectURL(contents);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), SAVE_TIMEOUT_MS);
}
