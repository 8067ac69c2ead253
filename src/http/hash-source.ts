import { createHash } from "node:crypto";

/** The Content-Security-Policy source that allows a script or style with this text, in quotation marks. */
export function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
