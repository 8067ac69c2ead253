import type { SearchableCase } from "../cases/index.js";

/** What a browser without idle time gets instead, ms. */
const PAUSE_MS = 50;
const SLICE_MS = 10;

/** Prepares cases for the search while nobody does anything: the first search for a name would take a second. */
export function prepareSearch(cases: readonly SearchableCase[]): { readonly stop: () => void } {
  let at = 0;
  let stopped = false;
  const work = (hasTime: () => boolean) => {
    while (!stopped && at < cases.length && hasTime()) {
      cases[at]?.text.prepare();
      at += 1;
    }
    if (!stopped && at < cases.length) next();
  };
  const next = () => {
    if (typeof requestIdleCallback === "function") {
      requestIdleCallback((deadline) => work(() => deadline.timeRemaining() > 1));
      return;
    }
    setTimeout(() => {
      const end = performance.now() + SLICE_MS;
      work(() => performance.now() < end);
    }, PAUSE_MS);
  };
  next();
  return {
    stop: () => {
      stopped = true;
    },
  };
}
