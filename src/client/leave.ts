const PRESSES = 3;
/** All presses must fall within this time. */
const WINDOW_MS = 2_000;

/** On three presses of Escape: calls `wipe`, empties the page, and replaces it in the history with `to`. */
export function leaveOnEscape(wipe: () => void, to: string): void {
  let presses: number[] = [];
  addEventListener("keydown", ({ key, timeStamp }) => {
    if (key !== "Escape") return;
    presses = [...presses.filter((at) => timeStamp - at < WINDOW_MS), timeStamp];
    if (presses.length < PRESSES) return;
    wipe();
    document.body.replaceChildren();
    location.replace(to);
  });
}
