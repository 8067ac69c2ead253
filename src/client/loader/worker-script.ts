import type { Parts, readBuild } from "./build-list.js";
import { isCached } from "./fetch-piece.js";
import { PieceError } from "./piece.js";
import type { PieceLoader } from "./piece-loader.js";

type Build = ReturnType<typeof readBuild>;

/** What this browser can do, as far as loading depends on it. */
export interface Abilities {
  /** Whether its own cryptography can do what most recipients' keys need. */
  readonly curve25519: boolean;
  /** Whether it keeps what it has fetched. */
  readonly cache: boolean;
}

/** @param page path of the page's first script: a browser that does not have that in its cache keeps nothing there */
export async function findAbilities(page: string): Promise<Abilities> {
  const [curve25519, cache] = await Promise.all([hasCurve25519(), isCached({ path: page })]);
  return { curve25519, cache };
}

/**
 * Fetches and checks the worker's script, and returns the path under which the browser now has it: the whole script
 * where the network lets it through, or else the one that runs its parts.
 *
 * @param listed the parts, which are only asked for where the script has to come in them
 * @throws PieceError `missing` or `changed`
 */
export async function loadWorkerScript(
  loader: PieceLoader,
  { whole }: Build,
  listed: () => Promise<Parts>,
  can: Abilities,
): Promise<string> {
  if (!can.curve25519) {
    const { older, parts, olderEntry } = await listed();
    await loader.load([...older, ...parts, olderEntry]);
    return olderEntry.path;
  }
  if (!loader.state.narrow) {
    // What is fetched here would be fetched again by the worker.
    if (!can.cache) return whole.path;
    try {
      await loader.loadWhole(whole);
      return whole.path;
    } catch (cause) {
      if (!(cause instanceof PieceError)) throw cause;
    }
  }
  const { parts, entry } = await listed();
  await loader.load([...parts, entry]);
  return entry.path;
}

async function hasCurve25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}
