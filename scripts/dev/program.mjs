// The program that `npm run dev` runs: a build in a folder apart, so that dist/ and public/build stay as npm run build
// made them.
import { cpSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, context } from "esbuild";
import { esbuildOptions, LATER_BUNDLES, PORTAL_BUNDLES, WAYS_BUNDLE } from "../bundles.mjs";
import { clientScripts } from "../client-scripts.mjs";

const MODULE = /\.tsx?$/;

/** Prepares `folder` for builds of the sources at `root`. */
export async function createProgram(root, folder) {
  mkdirSync(folder);
  for (const name of ["package.json", "node_modules"]) symlinkSync(join(root, name), join(folder, name));
  const bundles = await Promise.all(
    Object.entries({ ...PORTAL_BUNDLES, ...LATER_BUNDLES, ways: WAYS_BUNDLE }).map(createBundle),
  );
  let built = new Map();
  return {
    main: join(folder, "dist/cli/main.js"),
    /**
     * Builds what has changed since the last build that came to its end. Fails with what esbuild has to say of the
     * sources.
     */
    build: async () => {
      const present = modulesOf(root);
      const changed = [...present.keys()].filter((path) => present.get(path) !== built.get(path));
      const gone = [...built.keys()].filter((path) => !present.has(path));
      const [modules, ...scripts] = await Promise.all([
        transpile(root, folder, changed),
        ...bundles.map((bundle) => bundle.script([...changed, ...gone])),
      ]);
      for (const { path, contents } of modules) write(path, contents);
      for (const path of gone) rmSync(join(folder, path.replace(/^src/, "dist").replace(MODULE, ".js")));
      copyLocales(root, folder);
      writePublic(root, folder, Object.fromEntries(scripts));
      built = present;
    },
    dispose: () => Promise.all(bundles.map((bundle) => bundle.dispose())),
  };
}

/** The modules of the program, such as `src/cli/main.ts`, and when each was last changed. */
function modulesOf(root) {
  const paths = readdirSync(join(root, "src"), { recursive: true }).filter((path) => MODULE.test(path));
  return new Map(paths.map((path) => [join("src", path), statSync(join(root, "src", path)).mtimeMs]));
}

/** A bundle for browsers that is made again only when one of its modules has changed. */
async function createBundle([name, bundle]) {
  const options = { ...esbuildOptions(bundle, "iife"), minify: false, metafile: true, logLevel: "silent" };
  const making = await context(options);
  let last = null;
  return {
    /** Its name and its text. */
    script: async (changed) => {
      if (last === null || changed.some((path) => path in last.metafile.inputs)) last = await making.rebuild();
      return [name, last.outputFiles[0].text];
    },
    dispose: () => making.dispose(),
  };
}

/** Each module by itself, without a look at its types: `npm run check` has that. */
async function transpile(root, folder, modules) {
  if (modules.length === 0) return [];
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: modules,
    outbase: "src",
    outdir: join(folder, "dist"),
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: "inline",
    write: false,
    logLevel: "silent",
  });
  return outputFiles;
}

function copyLocales(root, folder) {
  const source = join(root, "src/locales");
  cpSync(source, join(folder, "dist/locales"), { recursive: true, filter: (path) => !MODULE.test(path) });
}

/** The stylesheets, the icon, and the client's scripts: each in one part, however long. */
function writePublic(root, folder, { main, ...bundles }) {
  const assets = join(folder, "public");
  const made = ["build", "earlier"].map((name) => join(root, "public", name));
  rmSync(assets, { recursive: true, force: true });
  cpSync(join(root, "public"), assets, { recursive: true, filter: (path) => !made.includes(path) });
  const texts = Object.entries(bundles);
  const inOne = Object.fromEntries(texts.map(([name, text]) => [name, [text]]));
  const parts = { ...inOne, longClient: inOne.client, longForward: inOne.forward };
  const later = Object.fromEntries(texts.filter(([name]) => name in LATER_BUNDLES));
  const whole = Object.fromEntries(texts.map(([name, text]) => [name, `(()=>{${text}})();\n`]));
  const files = clientScripts(main, parts, whole, later, bundles.ways);
  for (const [name, contents] of files) write(join(assets, "build", name), contents);
}

function write(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
