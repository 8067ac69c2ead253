import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import { type Running, startServer } from "./running.js";

/** OnionShare's receive mode, or null where it is not installed. */
export async function startOnionShare(bench: Bench): Promise<Running | null> {
  if (!hasTool("onionshare-cli")) {
    bench.skip("OnionShare's receive mode", "onionshare-cli is not installed");
    return null;
  }
  const folder = join(bench.folder, "onionshare");
  await mkdir(folder, { recursive: true });
  const words = ["--receive", "--local-only", "--public", "--data-dir", join(folder, "received")];
  return startServer("onionshare-cli", words, folder, { HOME: folder });
}
