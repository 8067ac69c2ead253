// Bundles src/client into public/build: scripts whose names hold their digest, the same bytes in any folder.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = resolve(process.argv[2] ?? join(root, "public/build"));

/** Parts of openpgp.js that decrypting or old keys need, and encrypting to the recipients that we accept does not. */
const UNUSED = ["argon2id", "legacy_ciphers", "unbzip2-stream"];
/** What X448 and Ed448 need: a seventh of all that a browser has to load, and few certificates have them. */
const RARE = ["noble_curves"];

const BANNER = "/* Postern, AGPL-3.0-or-later. With openpgp.js, LGPL-3.0-or-later; altcha-lib and modern-tar, MIT. */";
/** What the staff's pages hold besides: whoever writes a letter does not load it. */
const STAFF_BANNER = BANNER.replace("and modern-tar,", "and modern-tar, file-type,");

/** openpgp.js for browsers, with stand-ins for `parts`. Its readable form: the minified one cannot be tree-shaken. */
const openpgpWithout = (parts) => ({
  name: "openpgp-without",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^openpgp$/ }, () => ({
      path: join(root, "node_modules/openpgp/dist/lightweight/openpgp.mjs"),
    }));
    onLoad({ filter: new RegExp(`/(${parts.join("|")})\\.mjs$`) }, () => ({
      contents: "throw new Error('not in this build');",
      loader: "js",
    }));
  },
});

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await bundle({ main: "src/client/main.ts", offline: "src/client/offline.ts", worker: "src/client/worker.ts" }, [
  ...UNUSED,
  ...RARE,
]);
await bundle(
  { index: "src/desk-web/index.ts", desk: "src/desk-web/desk.ts", "open-worker": "src/desk-web/worker.ts" },
  [],
  STAFF_BANNER,
);
await bundle({ curves: "src/client/worker.ts" }, UNUSED);

async function bundle(entryPoints, withoutParts, banner = BANNER) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    charset: "utf8",
    platform: "browser",
    target: ["chrome109", "firefox115", "safari16.4"],
    legalComments: "none",
    plugins: [openpgpWithout(withoutParts)],
    logLevel: "warning",
  });
  for (const { path, text } of outputFiles) {
    // A twentieth smaller once compressed than what esbuild's own minifying leaves.
    const { code } = await minify(text, {
      ecma: 2020,
      compress: { passes: 2 },
      format: { preamble: banner },
    });
    const digest = createHash("sha256").update(code).digest("hex").slice(0, 16);
    writeFileSync(join(outdir, `${basename(path, ".js")}-${digest}.js`), code);
  }
}
