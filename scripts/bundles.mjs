// The scripts that run in browsers: what goes into each, and how esbuild bundles them.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NACL, openpgpFor, RARE_CHUNKS, UNUSED_CHUNKS } from "./client-openpgp.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const BANNER =
  "/* Postern, AGPL-3.0-or-later. With openpgp.js, LGPL-3.0-or-later; altcha-lib and modern-tar, MIT. */";

const usual = { chunks: [...UNUSED_CHUNKS, ...RARE_CHUNKS], submitters: true };
const rare = { chunks: UNUSED_CHUNKS, submitters: true };

/** What submitters load; client-scripts.mjs makes files of them. */
export const PORTAL_BUNDLES = {
  main: { entryPoints: ["src/client/main.ts"], openpgp: usual },
  client: { entryPoints: ["src/client/page.ts"], openpgp: usual },
  forward: { entryPoints: ["src/client/forward-page.ts"], openpgp: usual },
  older: { stdin: { contents: NACL, resolveDir: root } },
  worker: { entryPoints: ["src/client/worker.ts"], openpgp: usual },
  curves: { entryPoints: ["src/client/worker.ts"], openpgp: rare },
};

/** What submitters load only once they ask for it: one part each. */
export const LATER_BUNDLES = {
  documents: { entryPoints: ["src/client/documents/page.ts"] },
  pictures: { entryPoints: ["src/client/documents/pictures.ts"] },
  heif: { entryPoints: ["src/client/documents/heif.ts"] },
  stop: { entryPoints: ["src/client/stop-letter.ts"], openpgp: usual },
  resume: { entryPoints: ["src/client/resume-letter.ts"], openpgp: usual },
  language: { entryPoints: ["src/client/change-language.ts"], openpgp: usual },
  mailbox: { entryPoints: ["src/client/mailbox-view.ts"] },
  server: { entryPoints: ["src/client/server-form.ts"] },
  keep: { entryPoints: ["src/client/offline-form-builder.ts"] },
  // Starts the offline form, so that it comes last.
  offline: { entryPoints: ["src/client/offline.ts"] },
};

/** What the worker of an offline form that sends runs first. No page loads it: that form holds it. */
export const WAYS_BANNER = "/* With @hpke/core and @hpke/common, MIT. */";
export const WAYS_BUNDLE = { entryPoints: ["src/client/ways/start.ts"] };

/** What staff load, offline. It holds file-type and postal-mime besides, which submitters do not load. */
export const DESK_BUNDLES = {
  banner: BANNER.replace(
    "and modern-tar, MIT",
    "modern-tar, file-type and qrcode, MIT; postal-mime, MIT-0; shamir-secret-sharing, Apache-2.0",
  ),
  entryPoints: {
    index: "src/desk-web/index.ts",
    workbench: "src/desk-web/workbench.ts",
    desk: "src/desk-web/desk.ts",
    "open-worker": "src/desk-web/worker.ts",
  },
  // Of qrcode only what computes a code: what draws one holds a link.
  alias: { qrcode: "qrcode/lib/core/qrcode.js" },
  openpgp: { chunks: [], submitters: false },
};

/** desk.html holds its scripts inline, where the beginning of an HTML comment would hide what follows. */
const withoutComment = {
  name: "no beginning of a comment",
  setup(build) {
    build.onLoad({ filter: /postal-mime[\\/]dist[\\/]esm[\\/]text-format\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8"))
        .replaceAll("/<!--/", "/<!-{2}/")
        // desk.html holds nothing that looks like a link. What is made of it is turned into text.
        .replaceAll('<a href="mailto:', '<a title="'),
    }));
  },
};

/**
 * Options for esbuild, which returns the scripts without writing them. Format `esm` makes a module without imports and
 * exports, whose statements can be told apart.
 */
export const esbuildOptions = ({ entryPoints, stdin, openpgp, alias = {} }, format) => ({
  absWorkingDir: root,
  ...(stdin === undefined ? { entryPoints } : { stdin }),
  outdir: join(root, "public/build"),
  alias,
  bundle: true,
  write: false,
  minify: true,
  format,
  charset: "utf8",
  platform: "browser",
  target: ["chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  plugins: openpgp === undefined ? [] : [openpgpFor(openpgp), withoutComment],
  logLevel: "warning",
});
