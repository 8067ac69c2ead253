// Bundles the built program and what it needs into files with the layout of the build: dist/, public/, package.json.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const slashed = (path) => path.split(sep).join("/");
const read = (path) => readFileSync(join(root, path));
const described = JSON.parse(read("package.json").toString("utf8"));
/** The programs of threads that package.json names. */
const IMPORTED = Object.values(described.imports).map((path) => path.slice("./".length));

/**
 * What each package holds: the command, the programs of its threads, its files in public/, and whether its texts. One
 * that is `readable` keeps its names and lines.
 */
export const PROGRAMS = {
  postern: {
    command: "dist/cli/main.js",
    threads: [...IMPORTED, "dist/desk/open/open-worker.js"],
    isPublic: (name) => !name.startsWith("earlier/"),
    texts: true,
  },
  "postern-desk": {
    command: "dist/cli/offline.js",
    threads: ["dist/native/cipher-thread.js", "dist/desk/open/open-worker.js"],
    isPublic: (name) =>
      /^(?:(?:first|style|pickup|desk)\.css|build\/(?:index|workbench|desk|open-worker|reading-\w+)-[^/]*)$/.test(name),
    texts: true,
  },
  "postern-relay": {
    command: "dist/cli/relay-main.js",
    threads: [],
    isPublic: () => false,
    texts: false,
    // A volunteer may want to read what they run.
    readable: true,
  },
};

/** Marks a module's place in the build, until it is known which file of the bundle it is in. */
const PLACE = "postern-place:";
/** CommonJS packages ask for Node's modules by require, which a module does not have. */
const REQUIRE = `import { createRequire as posternRequire } from "node:module";
const require = posternRequire(import.meta.url);`;

/** Files are found beside the module that reads them, so a bundled module must still know its place in the build. */
const keepPlaces = {
  name: "keep places",
  setup(build) {
    build.onLoad({ filter: /\.js$/ }, ({ path }) => {
      const place = slashed(relative(root, path));
      if (!place.startsWith("dist/")) return undefined;
      const contents = readFileSync(path, "utf8");
      return { contents: contents.replaceAll("import.meta.url", `new URL("${PLACE}${place}", import.meta.url).href`) };
    });
  },
};

/** The relay counts in memory only; what counts in databases would be three quarters of it. */
const onlyMemory = {
  name: "limits in memory only",
  setup(build) {
    build.onResolve({ filter: /^rate-limiter-flexible$/ }, () => ({ path: "memory", namespace: "limits" }));
    build.onLoad({ filter: /.*/, namespace: "limits" }, () => ({
      contents: `export { default as RateLimiterMemory } from "rate-limiter-flexible/lib/RateLimiterMemory.js";`,
      resolveDir: root,
    }));
  },
};

/**
 * The program `name` by path: it runs with Node alone, from any folder. The same bytes wherever it is made.
 * @returns {Promise<Map<string, Buffer>>} in the order of paths
 */
export async function bundle(name) {
  const { command, threads, isPublic, texts, readable = false } = PROGRAMS[name];
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [command, ...threads],
    outbase: "dist",
    outdir: "dist",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20.19",
    charset: "utf8",
    // Paths in digests stay below the root, even where node_modules is a link.
    preserveSymlinks: true,
    minify: !readable,
    keepNames: !readable,
    legalComments: "none",
    ...(readable ? {} : { banner: { js: REQUIRE } }),
    plugins: readable ? [onlyMemory] : [keepPlaces],
    logLevel: "warning",
  });
  const files = new Map();
  for (const { path, text } of outputFiles) {
    const toRoot = slashed(relative(dirname(path), root));
    files.set(slashed(relative(root, path)), Buffer.from(text.replaceAll(PLACE, `${toRoot}/`)));
  }
  for (const file of texts ? filesIn("dist/locales") : [])
    if (file.endsWith(".ftl")) files.set(`dist/locales/${file}`, read(`dist/locales/${file}`));
  for (const file of filesIn("public")) if (isPublic(file)) files.set(`public/${file}`, read(`public/${file}`));
  files.set("package.json", Buffer.from(description(command, threads)));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function description(command, threads) {
  const { name, version, license, type, engines, imports } = described;
  const kept = Object.entries(imports).filter(([, path]) => threads.includes(path.slice("./".length)));
  const fields = {
    name,
    version,
    license,
    private: true,
    type,
    engines,
    imports: Object.fromEntries(kept),
    bin: { postern: command },
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => slashed(relative(join(root, folder), join(entry.parentPath, entry.name))));
}
