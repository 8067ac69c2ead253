import type { HttpClient } from "../http-client/index.js";
import type { CheckOptions } from "./build-check.js";
import { fetchBounded, forEachShuffled } from "./fetch.js";
import { compareHeaders } from "./header-check.js";
import { digestOf, headersFor, type Manifest } from "./manifest.js";
import type { Report } from "./report.js";

/** A manifest holds no lengths; no response of a portal is longer. */
const MAX_RESPONSE_BYTES = 8 * 1024 ** 2;

/** Compares the digest and headers of every response that the manifest names. */
export async function checkAgainstManifest(
  client: HttpClient,
  manifest: Manifest,
  { copy }: CheckOptions,
  report: Report,
): Promise<void> {
  const { files } = manifest.manifest;
  const { not_copied: notCopied, address } = manifest.postern;
  if (client.url.hostname.endsWith(".onion") !== (address === "onion") && !copy) {
    const intended = address === "onion" ? "onion service" : "clear net";
    report.note(`the manifest is for the ${intended}, but this address is not`);
  }
  const paths = Object.keys(files).filter((path) => !copy || !notCopied.includes(path));
  await forEachShuffled(paths, async (path) => {
    const found = await fetchBounded(client, path, null, MAX_RESPONSE_BYTES);
    report.compared += 1;
    if (found.kind === "failed") {
      report.differ(path, `no readable response: ${found.why}`);
      return;
    }
    if (found.status !== 200) report.differ(path, `status ${found.status}; expected 200`);
    const { differences, notes } = compareHeaders(headersFor(manifest, path), found.headers, copy);
    report.differ(path, ...differences);
    report.note(...notes);
    const digest = digestOf(found.contents);
    if (!found.complete) report.differ(path, `longer than ${MAX_RESPONSE_BYTES} bytes`);
    else if (digest !== files[path]) report.differ(path, `SHA-256 is ${digest}; the manifest says ${files[path]}`);
  });
}
