import type { Asker } from "../http-client/index.js";
import { each, look } from "./fetch.js";
import { compareHeaders } from "./header-check.js";
import { digestOf, headersFor, type Manifest } from "./manifest.js";
import type { Report } from "./report.js";

/** A manifest says no lengths. No answer of ours is longer. */
const LONGEST = 8 * 1024 ** 2;

/** Compares every answer that the manifest names with its digest and headers there. */
export async function checkAgainstManifest(
  asker: Asker,
  manifest: Manifest,
  { copy }: { readonly copy: boolean },
  report: Report,
): Promise<void> {
  const { files } = manifest.manifest;
  const { not_copied: notCopied, address } = manifest.postern;
  if (asker.url.hostname.endsWith(".onion") !== (address === "onion") && !copy) {
    report.note(
      `the manifest is for the ${address === "onion" ? "onion service" : "clear net"}, and this address is not`,
    );
  }
  const paths = Object.keys(files).filter((path) => !copy || !notCopied.includes(path));
  await each(paths, async (path) => {
    const found = await look(asker, path, null, LONGEST);
    report.looked += 1;
    if (found.kind === "failed") {
      report.differ(path, `no answer that can be read: ${found.why}`);
      return;
    }
    if (found.status !== 200) report.differ(path, `status ${found.status}; expected 200`);
    const { differences, notes } = compareHeaders(headersFor(manifest, path), found.headers, copy);
    report.differ(path, ...differences);
    report.note(...notes);
    const digest = digestOf(found.contents);
    if (!found.whole) report.differ(path, `longer than ${LONGEST} bytes`);
    else if (digest !== files[path]) report.differ(path, `SHA-256 is ${digest}; the manifest says ${files[path]}`);
  });
}
