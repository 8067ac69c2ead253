import { Fault, toHex } from "../../core/index.js";

/** A file of this portal that never changes, small enough for one short connection. */
export interface Piece {
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Whether it passes where connections are cut short, and the end of its connection may not. */
  readonly long: boolean;
}

/**
 * `stalled`: silent for too long; `unreachable`: no connection, or a broken one; `busy`: the server asks to come again;
 * `missing`: the server has no such piece; `changed`: other bytes than the page means.
 */
export type PieceFault = "stalled" | "unreachable" | "busy" | "missing" | "changed";

export class PieceError extends Fault<PieceFault> {}

/** The piece of this kind (such as `part` or `text`) and digest, under the name that the server gives it. */
export function pieceOf(kind: string, sha256: string): Piece {
  const path = `/build/${kind}-${sha256.slice(0, 16)}.${kind === "text" ? "txt" : "js"}`;
  return { path, sha256, long: kind === "later" };
}

/** The pieces that a text comes in, by their digests. */
export function textPieces(digests: readonly string[] = []): readonly Piece[] {
  return digests.map((sha256) => pieceOf("text", sha256));
}

/** @throws PieceError `changed` */
export async function checkDigest(
  bytes: Uint8Array<ArrayBuffer>,
  { path, sha256 }: Pick<Piece, "path" | "sha256">,
): Promise<void> {
  const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  if (digest !== sha256) throw new PieceError("changed", `${path} is not what the page means`);
}
