// The files of the submitters' client: the page's first script, which names all others by their digest, and those.
import { createHash } from "node:crypto";
import { BANNER } from "./bundles.mjs";

/** What src/client/loader reads: the build puts the list of its scripts here. */
const LIST = "POSTERN_BUILD";

/** What is loaded later, but often: the first script names it, and the list of parts names all. */
const SOON = ["documents", "pictures", "heif", "mailbox"];

/**
 * @param main text of the page's first script
 * @param parts of the bundles `client`, `forward`, `older`, `worker` and `curves`, the texts of their parts; of the
 * first two also in `longClient` and `longForward`
 * @param whole of `worker` and `curves`, the same in one
 * @param later texts of what is loaded only once it is asked for, by name
 * @param ways text of what the offline form holds besides, where it sends
 * @returns contents by name, `client.json` among them, which says what each file is for
 */
export function clientScripts(main, parts, whole, later, ways) {
  const files = new Map();
  const digests = new Map();
  const write = (kind, code) => {
    const digest = createHash("sha256").update(code).digest("hex");
    const name = `${kind}-${digest.slice(0, 16)}.${kind === "text" ? "txt" : "js"}`;
    files.set(name, code);
    digests.set(name, digest);
    return name;
  };
  const writeAll = (kind, texts) => texts.map((text) => write(kind, text));
  const client = writeAll("client", parts.client);
  const forward = writeAll("forward", parts.forward);
  const older = writeAll("part", parts.older);
  const asked = Object.fromEntries(Object.entries(later).map(([name, text]) => [name, write("later", text)]));
  const soon = Object.fromEntries(SOON.map((name) => [name, asked[name]]));
  const longClient = writeAll("client", parts.longClient);
  const longForward = writeAll("forward", parts.longForward);
  const offline = { ways: write("ways", ways) };
  const variant = (kind) => {
    const pieces = writeAll("part", parts[kind]);
    const byDigest = (names) => JSON.stringify(names, (_key, value) => digests.get(value) ?? value);
    const listed = {
      ...{ client, forward, older, parts: pieces, later: asked },
      entry: write("entry", entryOf(pieces)),
      olderEntry: write("entry", entryOf([...older, ...pieces])),
    };
    const named = {
      ...{ longClient, longForward, soon, kind },
      whole: write(kind, `${BANNER}\n${whole[kind]}`),
      list: write("text", byDigest(listed)),
    };
    const first = main.replace(LIST, () => byDigest(named));
    return { main: write("main", first), ...named, ...listed, ...offline };
  };
  const variants = { usual: variant("worker"), rare: variant("curves") };
  return files.set("client.json", `${JSON.stringify(variants, null, 2)}\n`);
}

/** A worker that runs the scripts `names` in their order, in its global scope. */
function entryOf(names) {
  const paths = JSON.stringify(names.map((name) => `/build/${name}`));
  return `${BANNER}
"use strict";
{
  const paths = ${paths};
  const createScriptURL = (path) => {
    if (paths.includes(path)) return path;
    throw new TypeError("this script is not ours");
  };
  const policy = self.trustedTypes?.createPolicy("postern", { createScriptURL }) ?? { createScriptURL };
  for (const path of paths) importScripts(policy.createScriptURL(path));
}
`;
}
