// A repository for apt that any web server serves from a folder: one suite, for packages of all architectures.
import { createHash } from "node:crypto";
import { gzip } from "./archives.mjs";

/** The packages run anywhere; each architecture that has Node in Debian lists them. */
const ARCHITECTURES = ["amd64", "arm64", "armhf", "riscv64"];
const SUITE = "dists/stable";

/**
 * The files of the repository by path, but for the signature, which is Release.gpg beside Release.
 * @param {ReadonlyMap<string, { contents: Buffer, control: string }>} packages by file name
 * @param {Date} date of the release
 * @returns {Map<string, Buffer>}
 */
export function aptRepository(packages, date) {
  const files = new Map([...packages].map(([name, { contents }]) => [`pool/${name}`, contents]));
  const list = Buffer.from([...packages].map(([name, each]) => stanza(name, each)).join("\n"));
  const indexes = ARCHITECTURES.flatMap((architecture) => [
    [`main/binary-${architecture}/Packages`, list],
    [`main/binary-${architecture}/Packages.gz`, gzip(list)],
  ]);
  for (const [name, contents] of indexes) files.set(`${SUITE}/${name}`, contents);
  files.set(`${SUITE}/Release`, Buffer.from(release(indexes, date)));
  return files;
}

const sha256 = (contents) => createHash("sha256").update(contents).digest("hex");

function stanza(name, { contents, control }) {
  return `${control}Filename: pool/${name}\nSize: ${contents.length}\nSHA256: ${sha256(contents)}\n`;
}

function release(indexes, date) {
  const digests = indexes.map(([name, contents]) => ` ${sha256(contents)} ${contents.length} ${name}\n`);
  return `Origin: Postern
Label: Postern
Suite: stable
Codename: stable
Date: ${date.toUTCString().replace("GMT", "UTC")}
Architectures: ${ARCHITECTURES.join(" ")}
Components: main
No-Support-for-Architecture-all: Packages
SHA256:
${digests.join("")}`;
}
