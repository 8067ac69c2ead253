import { type Piece, pieceOf } from "./piece.js";

/** The client's scripts, by the SHA-256 of each: what the build puts into the page's first script. */
export interface BuildList {
  /** What runs in a page, in parts. */
  readonly client: readonly string[];
  /** The same of the page that takes a file which is encrypted already. */
  readonly forward: readonly string[];
  /** The worker in one, which goes by the name `kind`, and in parts; each entry runs the parts in their order. */
  readonly kind: string;
  readonly whole: string;
  readonly parts: readonly string[];
  readonly entry: string;
  /** What is loaded only once it is asked for, by name. */
  readonly later: Readonly<Record<"language" | "stop" | "resume", string>>;
  /** What browsers without Curve25519 need before the parts, and their entry. */
  readonly older: readonly string[];
  readonly olderEntry: string;
}

declare const POSTERN_BUILD: BuildList;

/** The pieces of the build that the page's first script belongs to. */
export function readBuild(): Readonly<Record<"client" | "forward" | "parts" | "older", readonly Piece[]>> &
  Readonly<Record<"whole" | "entry" | "olderEntry", Piece>> & {
    readonly later: Readonly<Record<keyof BuildList["later"], Piece>>;
  } {
  const { later, client, forward, kind, whole, parts, entry, older, olderEntry } = POSTERN_BUILD;
  const part = (sha256: string) => pieceOf("part", sha256);
  return {
    client: client.map((sha256) => pieceOf("client", sha256)),
    forward: forward.map((sha256) => pieceOf("forward", sha256)),
    whole: pieceOf(kind, whole),
    parts: parts.map(part),
    later: {
      language: pieceOf("later", later.language),
      stop: pieceOf("later", later.stop),
      resume: pieceOf("later", later.resume),
    },
    entry: pieceOf("entry", entry),
    older: older.map(part),
    olderEntry: pieceOf("entry", olderEntry),
  };
}
