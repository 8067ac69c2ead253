// Bundles src/client into public/build: scripts whose names hold their digest, the same bytes in any folder.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";
import {
  BANNER,
  DESK_BUNDLES,
  esbuildOptions,
  LATER_BUNDLES,
  PORTAL_BUNDLES,
  WAYS_BANNER,
  WAYS_BUNDLE,
} from "./bundles.mjs";
import { clientScripts } from "./client-scripts.mjs";
import { cutScript, inOnePart, MAX_LONG_PART_BYTES, wholeScript } from "./cut-script.mjs";
import { keepEarlier } from "./earlier-builds.mjs";
import { readingEngines } from "./reading-engines.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = resolve(process.argv[2] ?? join(root, "public/build"));

const { main, ...pieces } = PORTAL_BUNDLES;
const parts = {};
const whole = {};
for (const [name, bundle] of Object.entries(pieces)) {
  const [{ text }] = await bundled(bundle, "esm");
  parts[name] = await cutScript(text);
  // Asked for only once the network has let something longer through.
  if (name === "client") parts.longClient = await cutScript(text, Number.POSITIVE_INFINITY);
  if (name === "worker" || name === "curves") whole[name] = await wholeScript(text);
  if (name === "forward") parts.longForward = await cutScript(text, MAX_LONG_PART_BYTES);
}
const [{ text: first }] = await bundled(main, "iife");
const later = {};
for (const [name, bundle] of Object.entries(LATER_BUNDLES)) {
  const [{ text }] = await bundled(bundle, "iife");
  later[name] = inOnePart(await minified(text));
}
const [{ text: ways }] = await bundled(WAYS_BUNDLE, "iife");
const files = clientScripts(await minified(first, BANNER), parts, whole, later, await minified(ways, WAYS_BANNER));
for (const { path, text } of await bundled(DESK_BUNDLES, "iife")) {
  const code = await minified(text, DESK_BUNDLES.banner);
  const digest = createHash("sha256").update(code).digest("hex").slice(0, 16);
  files.set(`${basename(path, ".js")}-${digest}.js`, code);
}

for (const [name, packed] of await readingEngines()) files.set(name, packed);

keepEarlier(outdir);
rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
for (const [name, contents] of files) writeFileSync(join(outdir, name), contents);

async function bundled(bundle, format) {
  const { outputFiles } = await build(esbuildOptions(bundle, format));
  return outputFiles;
}

async function minified(text, preamble) {
  // A twentieth smaller once compressed than what esbuild's own minifying leaves.
  const { code } = await minify(text, { ecma: 2020, compress: { passes: 2 }, format: { preamble } });
  return code;
}
