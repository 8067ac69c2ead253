import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { postern } from "./command.js";
import { removeFolder } from "./temporary.js";

/** Contents by path. */
type Files = ReadonlyMap<string, Buffer>;

const made = new Map<string, Promise<Files>>();

/**
 * What `postern keys new` makes in `folder`, and its passphrase in `passphrase`: the certificate in `keys`, the secret
 * key in `postern-secret`. It is made once for the tests of a file, since stretching a passphrase takes a second.
 */
export async function giveStaffKey(folder: string, passphrase = "correct horse battery\n"): Promise<void> {
  const files = made.get(passphrase) ?? makeKey(passphrase);
  made.set(passphrase, files);
  for (const [path, contents] of await files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents, path.startsWith("keys") ? {} : { mode: 0o600 });
  }
}

async function makeKey(passphrase: string): Promise<Files> {
  const cwd = await mkdtemp(join(tmpdir(), "postern-staff-key-"));
  try {
    await writeFile(join(cwd, "passphrase"), passphrase);
    const words = ["keys", "new", "--name", "Staff", "--passphrase-file", "passphrase"];
    const { code, stderr } = await postern(words, { cwd });
    if (code !== 0) throw new Error(`postern keys new failed: ${stderr}`);
    const files = (await readdir(cwd, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    const paths = files.map(({ parentPath, name }) => relative(cwd, join(parentPath, name)));
    return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(cwd, path))] as const)));
  } finally {
    await removeFolder(cwd);
  }
}
