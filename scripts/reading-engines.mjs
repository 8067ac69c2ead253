// What draws HEIC and PDF at the desk: one script for a worker each, compressed, since a page holds all of them.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { zlibSync } from "fflate";
import { esbuildOptions } from "./bundles.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const FONTS = join(root, "node_modules/pdfjs-dist/standard_fonts");
const FONT_FILES = [
  ...["FoxitDingbats", "FoxitFixed", "FoxitFixedBold", "FoxitFixedBoldItalic", "FoxitFixedItalic", "FoxitSerif"],
  ...["FoxitSerifBold", "FoxitSerifBoldItalic", "FoxitSerifItalic", "FoxitSymbol"],
]
  .map((name) => `${name}.pfb`)
  .concat(["Regular", "Bold", "Italic", "BoldItalic"].map((name) => `LiberationSans-${name}.ttf`));

const ENGINES = {
  "reading-picture": {
    entry: "src/reading/picture-worker.ts",
    banner: "/* Postern, AGPL-3.0-or-later. */",
  },
  "reading-heif": {
    entry: "src/reading/heif-worker.ts",
    banner: "/* Postern, AGPL-3.0-or-later. With libheif-js, libheif and libde265, LGPL-3.0. */",
  },
  "reading-pdf": {
    entry: "src/reading/pdf-worker.ts",
    banner:
      "/* Postern, AGPL-3.0-or-later. With pdf.js, Apache-2.0; OpenJPEG, BSD-2-Clause; Foxit's fonts, BSD-3-Clause; " +
      "Liberation Sans, OFL-1.1. */",
  },
};

/** A change of pdf.js, which counts memory before the line that takes it. */
function beforeLine(line, bytes) {
  return [line, `    posternUnfolded.grow(${bytes});\n${line}`];
}

/**
 * What is changed in pdf.js: nothing is fetched, and streams and pictures do not grow without end. Each place must be
 * there, once.
 */
const PATCHES = [
  [
    'data = await this.handler.sendWithPromise("FetchBinaryData", {\n          type: "standardFontDataFactory",\n          filename\n        });',
    "data = posternFonts[filename].slice();",
  ],
  [
    "const mod = await import(\n      /*webpackIgnore: true*/\n      /*@vite-ignore*/\n      path);",
    "const mod = posternJpx;",
  ],
  beforeLine("    const buffer2 = new Uint8Array(size);", "size, buffer.byteLength"),
  beforeLine(
    "        chunks.push(chunk);\n        totalLength += chunk.byteLength;",
    "totalLength + chunk.byteLength, totalLength",
  ),
  beforeLine("    component.blockData = new Int16Array(blocksBufferSize);", "2 * blocksBufferSize"),
  beforeLine("    const buffer = new Uint8ClampedArray(rowSize * info.height);", "rowSize * info.height"),
  beforeLine("    const rowBytes = originalWidth * numComps * bpc + 7 >> 3;", "4 * drawWidth * drawHeight"),
  beforeLine("    const imgArray = await image.getImageData(computedLength);", "4 * width * height"),
];

const enginePlugin = {
  name: "engines",
  setup(setup) {
    setup.onLoad({ filter: /pdf\.worker\.mjs$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [from, to] of PATCHES) {
        if (contents.split(from).length !== 2) throw new Error(`pdf.js has changed: ${from.slice(0, 60)}`);
        contents = contents.replace(from, () => to);
      }
      const fonts = FONT_FILES.map((name, at) => `import font${at} from ${JSON.stringify(join(FONTS, name))};`);
      const table = FONT_FILES.map((name, at) => `${JSON.stringify(name)}: font${at}`);
      const jpx = `import * as posternJpx from ${JSON.stringify(join(dirname(FONTS), "wasm/openjpeg_nowasm_fallback.js"))};`;
      const unfolded = `import { unfolded as posternUnfolded } from ${JSON.stringify(join(root, "src/reading/pdf-unfolded.ts"))};`;
      return {
        contents: `${jpx}${unfolded}${fonts.join("")}\nconst posternFonts = {${table.join(",")}};\n${contents}`,
      };
    });
    // libheif asks for them under Node alone.
    setup.onResolve({ filter: /^(?:fs|path|crypto)$/ }, ({ path }) => ({ path, namespace: "none" }));
    setup.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** @returns {Promise<Map<string, string>>} zlib in Base64, by file name. The same bytes wherever it is made. */
export async function readingEngines() {
  const files = new Map();
  for (const [name, { entry, banner }] of Object.entries(ENGINES)) {
    const { outputFiles } = await build({
      ...esbuildOptions({ entryPoints: [entry] }, "iife"),
      loader: { ".pfb": "binary", ".ttf": "binary" },
      plugins: [enginePlugin],
    });
    // By JavaScript: Node's own zlib writes other bytes in each major version.
    const packed = Buffer.from(zlibSync(Buffer.from(`${banner}\n${outputFiles[0].text}`), { level: 9 }));
    const digest = createHash("sha256").update(packed).digest("hex").slice(0, 16);
    files.set(`${name}-${digest}.txt`, packed.toString("base64"));
  }
  return files;
}
