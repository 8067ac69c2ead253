import type { Later } from "../later.js";
import { type Piece, pieceOf } from "./piece.js";
import type { PieceLoader } from "./piece-loader.js";

/** The client's scripts, by the SHA-256 of each: what the build puts into the page's first script. */
export interface BuildList {
  /**
   * What runs in a page, and in the page that takes a file which is encrypted already: each in a few parts, for where
   * long connections get through.
   */
  readonly longClient: readonly string[];
  readonly longForward: readonly string[];
  /** The worker in one, which goes by the name `kind`, and the scripts that run its parts in their order. */
  readonly kind: string;
  readonly whole: string;
  readonly entry: string;
  /** What is loaded only once it is asked for, by name. */
  readonly later: Readonly<Record<keyof Later, string>>;
  readonly olderEntry: string;
  /** JSON: {@link PartList}. It is as long as a part itself, and needed only where everything comes in parts. */
  readonly list: string;
}

/** The same scripts in parts. `older`: what browsers without Curve25519 need before the worker's. */
type PartList = Readonly<Record<"client" | "forward" | "parts" | "older", readonly string[]>>;

export type Parts = Readonly<Record<keyof PartList, readonly Piece[]>>;

declare const POSTERN_BUILD: BuildList;

/** The scripts of the build that the page's first script belongs to. */
export function readBuild(): Readonly<Record<"whole" | "entry" | "olderEntry" | "list", Piece>> &
  Readonly<Record<"longClient" | "longForward", readonly Piece[]>> & {
    readonly later: Readonly<Record<keyof Later, Piece>>;
  } {
  const { longClient, longForward, later, kind, whole, entry, olderEntry, list } = POSTERN_BUILD;
  const named = Object.entries(later).map(([name, sha256]) => [name, pieceOf("later", sha256)]);
  return {
    longClient: longClient.map((sha256) => pieceOf("client", sha256)),
    longForward: longForward.map((sha256) => pieceOf("forward", sha256)),
    whole: pieceOf(kind, whole),
    later: Object.fromEntries(named) as Record<keyof Later, Piece>,
    entry: pieceOf("entry", entry),
    olderEntry: pieceOf("entry", olderEntry),
    list: pieceOf("text", list),
  };
}

/**
 * The parts of those scripts.
 * @throws PieceError `missing` or `changed`
 */
export async function loadParts(loader: PieceLoader, list: Piece): Promise<Parts> {
  const { client, forward, parts, older } = JSON.parse(await (await loader.load([list])).text()) as PartList;
  const pieces = (kind: string, digests: readonly string[]) => digests.map((sha256) => pieceOf(kind, sha256));
  return {
    client: pieces("client", client),
    forward: pieces("forward", forward),
    parts: pieces("part", parts),
    older: pieces("part", older),
  };
}
