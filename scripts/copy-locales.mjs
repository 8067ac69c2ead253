// tsc leaves everything but TypeScript behind.
import { cpSync } from "node:fs";

const root = new URL("../", import.meta.url);
cpSync(new URL("src/locales/", root), new URL("dist/locales/", root), {
  recursive: true,
  filter: (source) => !/\.tsx?$/.test(source),
});
