import { paddedArchiveSize } from "../core/index.js";
import type { ServerConfig } from "./config.js";

/** Text, names and framing around the documents of the largest submission. */
const OVERHEAD = 8 * 1024 * 1024;

/** Bytes of the largest message that a submission of the largest size can become. */
export function largestMessage({ maxSubmission }: ServerConfig): number {
  return paddedArchiveSize(maxSubmission + OVERHEAD) + OVERHEAD;
}
