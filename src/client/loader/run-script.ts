import { fromHex } from "../../core/index.js";
import { type Piece, PieceError } from "./piece.js";
import type { ScriptUrl } from "./script-policy.js";

/** For a browser that keeps no cache, and asks for the piece again. */
const RUN_TIMEOUT_MS = 20_000;

/**
 * Runs a piece as a script of the page. The browser checks its digest once more.
 * @throws PieceError `changed` or `stalled`
 */
export async function runScript({ path, sha256 }: Piece, trusted: ScriptUrl): Promise<void> {
  const script = document.createElement("script");
  script.integrity = `sha256-${btoa(String.fromCharCode(...fromHex(sha256)))}`;
  script.crossOrigin = "anonymous";
  script.src = trusted(path);
  await new Promise<void>((resolve, reject) => {
    const fail = (error: PieceError) => {
      script.remove();
      reject(error);
    };
    setTimeout(() => fail(new PieceError("stalled", `${path} does not arrive`)), RUN_TIMEOUT_MS);
    script.onload = () => resolve();
    script.onerror = () => fail(new PieceError("changed", `${path} cannot be run`));
    document.head.append(script);
  });
}
