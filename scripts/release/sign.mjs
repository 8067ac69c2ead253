// Signs a release on the machine that has the release key, which `postern manifest key` made:
// node scripts/release/sign.mjs [FOLDER] --key release-…-secret.asc --passphrase-file FILE
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { signManifest } from "../../dist/verify/index.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** What is signed, and where a detached signature is looked for: by people, and by apt. */
const SIGNED = [
  ["SHA256SUMS", "SHA256SUMS.asc"],
  ["apt/dists/stable/Release", "apt/dists/stable/Release.gpg"],
];

const { values, positionals } = parseArgs({
  options: { key: { type: "string" }, "passphrase-file": { type: "string" } },
  allowPositionals: true,
});
if (values.key === undefined || values["passphrase-file"] === undefined) {
  process.stderr.write("give --key FILE and --passphrase-file FILE\n");
  process.exit(2);
}
const folder = resolve(positionals[0] ?? join(root, "release"));
const key = readFileSync(values.key, "utf8");
const [passphrase = ""] = readFileSync(values["passphrase-file"], "utf8").split(/\r?\n/);
for (const [file, signature] of SIGNED) {
  writeFileSync(join(folder, signature), await signManifest(readFileSync(join(folder, file)), key, passphrase));
  process.stderr.write(`${signature}\n`);
}
