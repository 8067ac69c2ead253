// The scripts that run in browsers: what goes into each, and how esbuild bundles them.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Parts of openpgp.js that decrypting or old keys need, and encrypting to the recipients that we accept does not. */
const UNUSED = ["argon2id", "legacy_ciphers", "unbzip2-stream"];
/** What X448 and Ed448 need: a seventh of all that a browser has to load, and few certificates have them. */
const RARE = ["noble_curves"];

const BANNER = "/* Postern, AGPL-3.0-or-later. With openpgp.js, LGPL-3.0-or-later; altcha-lib and modern-tar, MIT. */";

/** What submitters load. */
export const PORTAL_BUNDLES = [
  {
    entryPoints: { main: "src/client/main.ts", offline: "src/client/offline.ts", worker: "src/client/worker.ts" },
    without: [...UNUSED, ...RARE],
    banner: BANNER,
  },
  { entryPoints: { curves: "src/client/worker.ts" }, without: UNUSED, banner: BANNER },
];

/** What staff load, offline. It holds file-type besides, which submitters do not load. */
export const DESK_BUNDLES = [
  {
    entryPoints: {
      index: "src/desk-web/index.ts",
      desk: "src/desk-web/desk.ts",
      "open-worker": "src/desk-web/worker.ts",
    },
    without: [],
    banner: BANNER.replace("and modern-tar,", "and modern-tar, file-type,"),
  },
];

/**
 * openpgp.js for browsers, with stand-ins for the parts that are left out. Its readable form, since that can be shaken.
 */
const openpgpWithout = (parts) => ({
  name: "openpgp-without",
  setup({ onLoad, onResolve }) {
    const path = realpathSync(join(root, "node_modules/openpgp/dist/lightweight/openpgp.mjs"));
    onResolve({ filter: /^openpgp$/ }, () => ({ path }));
    onLoad({ filter: new RegExp(`/(${parts.join("|")})\\.mjs$`) }, () => ({
      contents: "throw new Error('not in this build');",
      loader: "js",
    }));
  },
});

/** Options for esbuild, which returns the scripts without writing them. */
export const esbuildOptions = ({ entryPoints, without }) => ({
  absWorkingDir: root,
  entryPoints,
  outdir: join(root, "public/build"),
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  charset: "utf8",
  platform: "browser",
  target: ["chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  plugins: [openpgpWithout(without)],
  logLevel: "warning",
});
