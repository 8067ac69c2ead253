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
  /** The worker in one, which goes by the name `kind`. */
  readonly kind: string;
  readonly whole: string;
  /** What is loaded only once it is asked for, as far as that is often. */
  readonly soon: Readonly<Record<Soon, string>>;
  /** JSON: {@link PartList}. It is as long as a part itself, and needed only where everything comes in parts. */
  readonly list: string;
}

type Soon = "documents" | "pictures" | "heif" | "mailbox";
type ListName = "client" | "forward" | "parts" | "older";
type EntryName = "entry" | "olderEntry";

/**
 * The same scripts in parts. `older`: what browsers without Curve25519 need before the worker's. Entries: what runs the
 * worker's parts in their order, without and with those.
 */
type PartList = Readonly<Record<ListName, readonly string[]> & Record<EntryName, string>> & {
  /** All that is loaded only once it is asked for. */
  readonly later: Readonly<Record<keyof Later, string>>;
};

export type Parts = Readonly<Record<ListName, readonly Piece[]> & Record<EntryName, Piece>> & {
  readonly later: Readonly<Record<keyof Later, Piece>>;
};

declare const POSTERN_BUILD: BuildList;

/** The scripts of the build that the page's first script belongs to. */
export function readBuild(): Readonly<Record<"whole" | "list", Piece>> &
  Readonly<Record<"longClient" | "longForward", readonly Piece[]>> & {
    readonly soon: Readonly<Record<Soon, Piece>>;
  } {
  const { longClient, longForward, soon, kind, whole, list } = POSTERN_BUILD;
  return {
    longClient: longClient.map((sha256) => pieceOf("client", sha256)),
    longForward: longForward.map((sha256) => pieceOf("forward", sha256)),
    whole: pieceOf(kind, whole),
    soon: laterPieces(soon),
    list: pieceOf("text", list),
  };
}

/**
 * The parts of those scripts.
 * @throws PieceError `missing` or `changed`
 */
export async function loadParts(loader: PieceLoader, list: Piece): Promise<Parts> {
  const { client, forward, parts, older, entry, olderEntry, later } = JSON.parse(
    await (await loader.load([list])).text(),
  ) as PartList;
  const pieces = (kind: string, digests: readonly string[]) => digests.map((sha256) => pieceOf(kind, sha256));
  return {
    client: pieces("client", client),
    forward: pieces("forward", forward),
    parts: pieces("part", parts),
    older: pieces("part", older),
    entry: pieceOf("entry", entry),
    olderEntry: pieceOf("entry", olderEntry),
    later: laterPieces(later),
  };
}

function laterPieces<Name extends string>(digests: Readonly<Record<Name, string>>): Record<Name, Piece> {
  const named = Object.entries<string>(digests).map(([name, sha256]) => [name, pieceOf("later", sha256)]);
  return Object.fromEntries(named) as Record<Name, Piece>;
}
