import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Recipients } from "../recipients/index.js";

/** One script of the client, as the pages name it. */
export interface ClientScript {
  readonly path: string;
  /** Subresource integrity (SHA-384). */
  readonly integrity: string;
  readonly contents: Buffer;
}

/** The client's scripts for the recipients of a portal. */
export interface ClientScripts {
  /** The pages' first script, which holds the digests of all others: those of most parts in the list. */
  readonly main: ClientScript;
  /** What runs in a page, in parts. */
  readonly client: readonly ClientScript[];
  /** The same of the page that takes a file which is encrypted already. */
  readonly forward: readonly ClientScript[];
  /** What is loaded only once it is asked for. */
  readonly later: readonly ClientScript[];
  /** The first in one, and the second in fewer and longer parts. */
  readonly longClient: readonly ClientScript[];
  readonly longForward: readonly ClientScript[];
  /** The digests of all other parts, as JSON. */
  readonly list: ClientScript;
  /** The worker in one. */
  readonly worker: ClientScript;
  /** The worker in parts, what older browsers need before them, and the scripts that run them. */
  readonly parts: readonly ClientScript[];
  readonly older: readonly ClientScript[];
  readonly entries: readonly ClientScript[];
  /** What only an offline form that sends holds; nothing loads it. */
  readonly ways: ClientScript;
}

export interface ClientBuild {
  readonly usual: ClientScripts;
  /** For recipients with rare curves: a third larger. */
  readonly rare: ClientScripts;
}

type Listed = Readonly<Record<"main" | "list" | "whole" | "entry" | "olderEntry" | "ways", string>> &
  Readonly<Record<"client" | "forward" | "longClient" | "longForward" | "parts" | "older", readonly string[]>> & {
    readonly later: Readonly<Record<string, string>>;
  };

const BUILD = new URL("../../../public/build/", import.meta.url);
const EARLIER = new URL("../../../public/earlier/", import.meta.url);
const SCRIPT_NAME = /^[a-z]+-([0-9a-f]{16})\.(?:js|txt)$/;

/**
 * Reads what the build made of src/client.
 * @throws Error when it has not been built
 */
export function loadClientBuild(folder: URL = BUILD): ClientBuild {
  try {
    const { usual, rare } = JSON.parse(readFileSync(new URL("client.json", folder), "utf8")) as Record<
      keyof ClientBuild,
      Listed
    >;
    return { usual: loadScripts(folder, usual), rare: loadScripts(folder, rare) };
  } catch (cause) {
    throw new Error("public/build is not whole: run npm run build", { cause });
  }
}

function loadScripts(folder: URL, listed: Listed): ClientScripts {
  const load = (name: string) => loadScript(folder, name);
  return {
    main: load(listed.main),
    client: listed.client.map(load),
    forward: listed.forward.map(load),
    longClient: listed.longClient.map(load),
    longForward: listed.longForward.map(load),
    list: load(listed.list),
    later: Object.values(listed.later).map(load),
    worker: load(listed.whole),
    parts: listed.parts.map(load),
    older: listed.older.map(load),
    ways: load(listed.ways),
    entries: [load(listed.entry), load(listed.olderEntry)],
  };
}

/** @throws Error when a script is missing, or is not what its name says */
function loadScript(folder: URL, name: string): ClientScript {
  const contents = readFileSync(new URL(name, folder));
  const digest = createHash("sha256").update(contents).digest("hex").slice(0, 16);
  if (SCRIPT_NAME.exec(name)?.[1] !== digest) throw new Error(`${name} has another digest than its name`);
  const integrity = `sha384-${createHash("sha384").update(contents).digest("base64")}`;
  return { path: `/build/${name}`, integrity, contents };
}

/**
 * Scripts of the builds before this one, which a page that was opened before an upgrade still asks for. What is not
 * what its name says is left out.
 */
export function loadEarlierScripts(folder: URL = EARLIER): readonly ClientScript[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => SCRIPT_NAME.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      return [loadScript(folder, name)];
    } catch {
      return [];
    }
  });
}

/** The scripts that a portal with these recipients needs. */
export function scriptsFor(build: ClientBuild, recipients: Recipients): ClientScripts {
  return recipients.all.some(({ certificate }) => certificate.hasRareCurve) ? build.rare : build.usual;
}

const RUN_BY_ANOTHER = /^\/build\/(main|client|forward|later|text|part)-/;

/** What a worker begins with, or null for a script that another one runs. */
export function roleOf({ path }: ClientScript): "entry" | "worker" | null {
  if (RUN_BY_ANOTHER.test(path)) return null;
  return path.startsWith("/build/entry-") ? "entry" : "worker";
}

/** All scripts that a portal serves. */
export function allScripts(scripts: ClientScripts): readonly ClientScript[] {
  const { main, client, forward, later, longClient, longForward, list, worker, parts, older, entries } = scripts;
  const pieces = [...client, ...forward, ...later, ...parts, ...older, ...entries];
  return [main, worker, list, ...longClient, ...longForward, ...pieces];
}
