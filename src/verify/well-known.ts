import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { holdsSecretKey } from "../openpgp/index.js";
import type { WellKnown } from "../server/index.js";
import { ManifestError } from "./manifest.js";

/** What may lie below `/.well-known/webcat/`: the manifest with its signature, and what WEBCAT's own tools make of it. */
const NAMES = ["manifest.json", "manifest.json.asc", "bundle.json", "bundle-prev.json", "enrollment.json"];
const LARGEST = 4 * 1024 ** 2;

/**
 * Reads what the operator has put in place: in `folder` for the clear net, in `folder/onion` for the onion service.
 * @throws ManifestError naming the file that is too large, is no JSON, or holds a secret key
 */
export async function readWellKnown(folder: string): Promise<readonly [clear: WellKnown, onion: WellKnown]> {
  return [await readFolder(folder), await readFolder(join(folder, "onion"))];
}

async function readFolder(folder: string): Promise<WellKnown> {
  const present: readonly string[] = await readdir(folder).catch(() => []);
  const files = new Map<string, Uint8Array>();
  for (const name of NAMES.filter((each) => present.includes(each))) {
    const path = join(folder, name);
    if ((await stat(path)).size > LARGEST) throw new ManifestError("unreadable", `${path} is larger than 4 MiB`);
    const contents = await readFile(path);
    if (holdsSecretKey(contents)) throw new ManifestError("unusable_key", `${path} holds a secret key; take it away`);
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
