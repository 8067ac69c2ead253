import { leaveFreely } from "./unsaved.js";

const PRESSES = 3;
/** All presses must fall within this time. */
const WINDOW_MS = 2_000;

/**
 * On three presses of Escape, and on the link that leaves: calls `wipe`, empties the page at once, and replaces it in
 * the history with `to`. No network is waited for, nothing is asked, and the tab is called nothing any more.
 */
export function leaveInAHurry(wipe: () => void, to: string): void {
  let presses: number[] = [];
  addEventListener("keydown", ({ key, timeStamp }) => {
    if (key !== "Escape") return;
    presses = [...presses.filter((at) => timeStamp - at < WINDOW_MS), timeStamp];
    if (presses.length >= PRESSES) leave();
  });
  // On the page, since its contents may be replaced by those in another language.
  addEventListener("click", (event) => {
    if (!(event.target as Element).closest?.(".exit")) return;
    event.preventDefault();
    leave();
  });

  function leave(): void {
    leaveFreely();
    const place = document.querySelector<HTMLAnchorElement>(".exit")?.href ?? to;
    try {
      wipe();
    } finally {
      document.title = "";
      window.name = "";
      document.body.replaceChildren();
      location.replace(place);
    }
  }
}
