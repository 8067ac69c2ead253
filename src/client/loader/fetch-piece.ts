import { checkDigest, type Piece, PieceError } from "./piece.js";

/** Milliseconds after which an attempt is given up. */
export interface FetchLimits {
  /** Until the answer begins: a connection has to be made first. */
  readonly beginMs: number;
  /** Between two bytes. */
  readonly silenceMs: number;
  readonly totalMs: number;
}

/** Statuses of a server that is overloaded or away, or of a proxy in front of it. */
const BUSY_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Fetches a piece once, on a connection that is given up as soon as one of `limits` is over. Without `credentials:
 * omit`, since Firefox would keep such an answer apart from those that its script loader finds in the cache.
 *
 * @param onProgress called with how many bytes have arrived, decompressed
 * @throws PieceError
 */
export async function fetchPiece(
  piece: Piece,
  limits: FetchLimits,
  cache: RequestCache = "default",
  onProgress: (bytes: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const ending = new AbortController();
  const stall = () => ending.abort(new PieceError("stalled", `${piece.path} does not arrive`));
  const total = setTimeout(stall, limits.totalMs);
  let silence = setTimeout(stall, limits.beginMs);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  try {
    const { signal } = ending;
    const answer = await fetch(piece.path, { cache, signal, redirect: "error", referrerPolicy: "no-referrer" });
    if (answer.status !== 200) {
      const code = BUSY_STATUSES.has(answer.status) ? "busy" : "missing";
      throw new PieceError(code, `the server answered ${answer.status} for ${piece.path}`);
    }
    const reader = answer.body?.getReader();
    for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read()) {
      clearTimeout(silence);
      silence = setTimeout(stall, limits.silenceMs);
      chunks.push(next.value);
      received += next.value.length;
      onProgress(received);
    }
  } catch (cause) {
    // Older browsers reject with an error of their own instead of the reason.
    const known = ending.signal.aborted ? ending.signal.reason : cause;
    if (known instanceof PieceError) throw known;
    throw new PieceError("unreachable", `${piece.path} cannot be fetched`, { cause });
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
    // Frees the connection of an answer that is not read to its end.
    ending.abort();
  }
  const bytes = concat(chunks);
  await checkDigest(bytes, piece);
  return bytes;
}

/** Whether the browser has the piece already, so that it needs no connection. */
export async function isCached({ path }: Pick<Piece, "path">): Promise<boolean> {
  const answer = await fetch(path, { cache: "only-if-cached", mode: "same-origin" }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}

function concat(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
