import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { GnuPg, run } from "./gpg.js";
import { type OpenedCase, readCase } from "./portal.js";

/** Opens one stored submission with nothing but gpg and tar, in a new folder inside `folder`. */
export async function openWithGnuPg(ciphertext: string, secretKey: string, folder: string): Promise<OpenedCase> {
  const out = await mkdtemp(join(folder, "opened-"));
  const gpg = await GnuPg.create();
  try {
    await gpg.importKeys(secretKey);
    const archive = await gpg.decrypt(await readFile(ciphertext));
    const { code, stderr } = await run("tar", ["x", "-C", out], { input: archive });
    if (code !== 0) throw new Error(`tar failed with ${code}: ${stderr}`);
  } finally {
    await gpg.close();
  }
  const [root] = await readdir(out);
  return readCase(join(out, root ?? ""));
}
