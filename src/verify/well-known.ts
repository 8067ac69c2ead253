import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { holdsSecretKey } from "../openpgp/index.js";
import type { WellKnown } from "../server/index.js";
import { ManifestError } from "./manifest.js";

/** The files to serve below `/.well-known/webcat/`: the manifest, its signature, and the output of WEBCAT's tools. */
const NAMES = ["manifest.json", "manifest.json.asc", "bundle.json", "bundle-prev.json", "enrollment.json"];
const MAX_FILE_BYTES = 4 * 1024 ** 2;

/**
 * Reads the files that the portal serves: from `folder` for the clear net, from `folder/onion` for the onion service.
 * @throws ManifestError naming a file that is too large, is not JSON, or holds a secret key
 */
export async function readWellKnown(folder: string): Promise<readonly [clear: WellKnown, onion: WellKnown]> {
  return [await readFolder(folder), await readFolder(join(folder, "onion"))];
}

async function readFolder(folder: string): Promise<WellKnown> {
  const present: readonly string[] = await readdir(folder).catch(() => []);
  const files = new Map<string, Uint8Array>();
  for (const name of NAMES.filter((each) => present.includes(each))) {
    const path = join(folder, name);
    if ((await stat(path)).size > MAX_FILE_BYTES) throw new ManifestError("unreadable", `${path} is larger than 4 MiB`);
    const contents = await readFile(path);
    if (holdsSecretKey(contents)) {
      throw new ManifestError("unusable_key", `${path} holds a secret key; remove it from this machine`);
    }
    if (name.endsWith(".json")) parse(path, contents);
    files.set(name, contents);
  }
  return files;
}

function parse(path: string, contents: Buffer): void {
  try {
    JSON.parse(contents.toString("utf8"));
  } catch (cause) {
    throw new ManifestError("unreadable", `${path} is not JSON`, { cause });
  }
}
