import { waitForRetry } from "./backoff.js";
import { type TusClient, UploadError } from "./tus-client.js";

/** For all attempts together. */
const REMOVE_TIMEOUT_MS = 30_000;

/**
 * Declares a partial upload complete: it is no whole message, so the server removes it. Bytes in flight when the user
 * cancelled may still change the offset, so this takes a few attempts.
 * @throws UploadError `not_removed`
 */
export async function removeUpload(tus: TusClient, url: URL): Promise<void> {
  const signal = AbortSignal.timeout(REMOVE_TIMEOUT_MS);
  const limits = { limitMs: REMOVE_TIMEOUT_MS, signal };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const { status, headers } = await tus.ask({ url, method: "HEAD", ...limits });
      const offset = headers.get("Upload-Offset") ?? "";
      if (status === 200) {
        const declared = {
          "Content-Type": "application/offset+octet-stream",
          "Upload-Offset": offset,
          "Upload-Length": offset,
        };
        await tus.ask({ url, method: "PATCH", headers: declared, body: new Uint8Array(0), ...limits });
      }
      await waitForRetry(Math.min(2_000, 200 * attempt), signal);
    }
  } catch (cause) {
    // Refused as no message, or unknown: the server has removed it.
    if (cause instanceof UploadError && (cause.code === "refused" || cause.code === "lost")) return;
    throw new UploadError("not_removed", "the server still holds what was sent before it was cancelled", { cause });
  }
}
