import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Recipients } from "../recipients.js";

/** One script of the client, as the pages name it. */
export interface ClientScript {
  readonly path: string;
  /** Subresource integrity (SHA-384). */
  readonly integrity: string;
  readonly contents: Buffer;
}

export interface ClientBuild {
  readonly main: ClientScript;
  readonly worker: ClientScript;
  /** The worker for recipients with rare curves: a seventh larger. */
  readonly curves: ClientScript;
  /** The offline form's script, which is only ever a part of its page. */
  readonly offline: ClientScript;
}

/**
 * Reads what the build made of src/client.
 * @throws Error when it has not been built
 */
export function loadClientBuild(folder: URL = new URL("../../../public/build/", import.meta.url)): ClientBuild {
  const names = readdirSync(folder);
  const load = (entry: keyof ClientBuild): ClientScript => {
    const [name, ...more] = names.filter((candidate) => candidate.startsWith(`${entry}-`));
    if (name === undefined || more.length > 0)
      throw new Error(`public/build must hold one ${entry}-*.js: run npm run build`);
    const contents = readFileSync(new URL(name, folder));
    const integrity = `sha384-${createHash("sha384").update(contents).digest("base64")}`;
    return { path: `/build/${name}`, integrity, contents };
  };
  return { main: load("main"), worker: load("worker"), curves: load("curves"), offline: load("offline") };
}

/** The scripts that a portal with these recipients needs. */
export function scriptsFor(client: ClientBuild, recipients: Recipients): Pick<ClientBuild, "main" | "worker"> {
  const rare = recipients.all.some(({ certificate }) => certificate.hasRareCurve);
  return { main: client.main, worker: rare ? client.curves : client.worker };
}
