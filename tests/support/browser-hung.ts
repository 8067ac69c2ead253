/**
 * What a session throws when the page of a test could not be closed: vitest.config.ts has such a test tried again, in a
 * browser of its own. Firefox ESR does so in some 1 of 50 runs on a busy machine, when it opens a file with a worker.
 */
export const BROWSER_HUNG = "the browser hung";
