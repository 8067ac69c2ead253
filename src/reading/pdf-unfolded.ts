import { MAX_STREAM_BYTES, MAX_STREAMS_BYTES } from "./limits.js";
import { Unfolded } from "./unfolded.js";

/** Of the one PDF that this worker draws. scripts/reading-engines.mjs makes pdf.js count in it. */
export const unfolded = new Unfolded(MAX_STREAM_BYTES, MAX_STREAMS_BYTES);
