import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { poll } from "./browsers.js";

/** What the browser has downloaded under `name`, once it is whole; takes it away, so that the next gets the name. */
export async function takeSaved(downloads: string, name: string): Promise<Buffer> {
  const path = join(downloads, name);
  const contents = await poll(name, async () => {
    const names = await readdir(downloads);
    if (!names.includes(name) || names.some((each) => /part|crdownload/.test(each))) return null;
    const bytes = await readFile(path);
    return bytes.length > 0 ? bytes : null;
  });
  await rm(path);
  return contents;
}
