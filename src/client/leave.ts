/** Presses of Escape, and the time in milliseconds in which they must come. */
const PRESSES = 3;
const TIME_MS = 2_000;

/** Leaves at once, with nothing to go back to, when Escape is pressed three times: `wipe` first, then `to`. */
export function leaveOnEscape(wipe: () => void, to: string): void {
  let presses: number[] = [];
  addEventListener("keydown", ({ key, timeStamp }) => {
    if (key !== "Escape") return;
    presses = [...presses.filter((at) => timeStamp - at < TIME_MS), timeStamp];
    if (presses.length < PRESSES) return;
    wipe();
    document.body.replaceChildren();
    location.replace(to);
  });
}
