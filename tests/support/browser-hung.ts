/**
 * What a session throws when the page of a test could not be closed: vitest.config.ts has such a test tried again, in a
 * browser of its own. Firefox ESR does so in some 1 of 50 runs on a busy machine, when it opens a file with a worker.
 */
export const BROWSER_HUNG = "the browser hung";

/**
 * Messages of failures that are the driver's or the browser's own: one that hung, one that refused what the driver asked
 * of it, and Chromium's on a machine whose addresses have just settled. What a page does wrong fails by an expectation.
 */
export const BROWSERS_OWN = new RegExp(`^(?:${BROWSER_HUNG}$|Protocol error \\(|net::ERR_NETWORK_CHANGED )`);
