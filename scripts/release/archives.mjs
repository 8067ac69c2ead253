// tar, tar.gz and .deb, the same bytes for the same files: no clock, no user and no umask goes into them.
import { execFileSync } from "node:child_process";
import { packTar } from "modern-tar";

/**
 * @typedef {{ readonly contents: Buffer, readonly mode?: number }} PackedFile mode 0644 unless it is given
 * @typedef {ReadonlyMap<string, PackedFile>} PackedFiles by path, without a beginning such as `/` or `./`
 */

/**
 * A tar archive of `files` and their folders, all of root and of the time `mtime`.
 * @param prefix before each path, such as `./`
 */
export async function tar(files, mtime, prefix) {
  const owned = { uid: 0, gid: 0, uname: "root", gname: "root", mtime };
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  const entries = [
    ...[...folders].map((name) => ({ header: { ...owned, name, type: "directory", mode: 0o755, size: 0 } })),
    ...[...files].map(([name, { contents, mode = 0o644 }]) => ({
      header: { ...owned, name, type: "file", mode, size: contents.length },
      body: contents,
    })),
  ].sort(({ header: a }, { header: b }) => (a.name < b.name ? -1 : 1));
  for (const { header } of entries) header.name = `${prefix}${header.name}`;
  const root = prefix === "" ? [] : [{ header: { ...owned, name: prefix, type: "directory", mode: 0o755, size: 0 } }];
  return Buffer.from(await packTar([...root, ...entries]));
}

/** `a/b/c` lies in `a/` and `a/b/`. */
function foldersOf(path) {
  const names = path.split("/").slice(0, -1);
  return names.map((_, index) => `${names.slice(0, index + 1).join("/")}/`);
}

const MAX_BYTES = 1 << 28;

/** By the program gzip: Node's own zlib writes other bytes in each major version. */
export const gzip = (bytes) =>
  execFileSync("gzip", ["--no-name", "-9", "--stdout"], { input: bytes, maxBuffer: MAX_BYTES });

/** By the program xz: two thirds of what gzip leaves, and Node has none. More threads would change the bytes. */
const xz = (bytes) =>
  execFileSync("xz", ["--format=xz", "--threads=1", "-9", "--stdout"], { input: bytes, maxBuffer: MAX_BYTES });

/**
 * A Debian binary package (deb(5)): an ar archive of its version, control files and data.
 * @param control files such as `control` and `postinst`
 */
export async function deb(control, data, mtime) {
  const members = [
    ["debian-binary", Buffer.from("2.0\n")],
    ["control.tar.xz", xz(await tar(control, mtime, "./"))],
    ["data.tar.xz", xz(await tar(data, mtime, "./"))],
  ];
  return Buffer.concat([Buffer.from("!<arch>\n"), ...members.flatMap((member) => arMember(...member, mtime))]);
}

function arMember(name, contents, mtime) {
  const fields = [name.padEnd(16), `${mtime.getTime() / 1_000}`.padEnd(12), "0     ", "0     ", "100644  "];
  const header = `${fields.join("")}${String(contents.length).padEnd(10)}\`\n`;
  return [Buffer.from(header), contents, Buffer.from(contents.length % 2 === 0 ? "" : "\n")];
}
