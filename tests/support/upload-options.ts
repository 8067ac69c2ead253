import type { UploadOptions } from "../../src/client/upload.js";

/** What the client's upload needs to send to the portal at `url`, with nobody to tell how far it is. */
export function uploadOptions(url: string, more: Partial<UploadOptions> = {}): UploadOptions {
  return {
    endpoint: new URL("/uploads", url),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onSent: () => undefined,
    onLine: () => undefined,
    mayGoOn: async () => undefined,
    ...more,
  };
}
