import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** One script of the client, as the pages name it. */
export interface ClientScript {
  readonly path: string;
  /** Subresource integrity (SHA-384). */
  readonly integrity: string;
}

export interface ClientBuild {
  readonly main: ClientScript;
  readonly worker: ClientScript;
  readonly files: readonly { readonly path: string; readonly contents: Buffer }[];
}

/**
 * Reads what the build made of src/browser.
 * @throws Error when it has not been built
 */
export function loadClientBuild(folder: URL = new URL("../../public/build/", import.meta.url)): ClientBuild {
  const scripts = readdirSync(folder)
    .filter((name) => name.endsWith(".js"))
    .map((name) => {
      const contents = readFileSync(new URL(name, folder));
      const integrity = `sha384-${createHash("sha384").update(contents).digest("base64")}`;
      return { name, path: `/build/${name}`, contents, integrity };
    });
  const named = (prefix: string): ClientScript => {
    const [script, ...more] = scripts.filter(({ name }) => name.startsWith(prefix));
    if (script === undefined || more.length > 0)
      throw new Error(`public/build must hold one ${prefix}*.js: run npm run build`);
    return script;
  };
  return { main: named("main-"), worker: named("worker-"), files: scripts };
}
