import type { Boot } from "./boot.js";
import { checkDigest, type Piece, textPieces } from "./loader/index.js";

// Loaded when somebody asks for the form.

/** Marks in the offline form's frame; src/server/pages/offline-page.tsx writes them. */
const MARKS = { older: "\u0000older\u0000", parts: "\u0000parts\u0000", client: "\u0000client\u0000" };

interface OfflineForm {
  /** Digests of the pieces of the form without its scripts. */
  readonly frame: readonly string[];
  /** Of all of it. */
  readonly sha256: string;
}

/**
 * Puts the offline form together from pieces, most of which the browser has: byte for byte the file that the server has
 * at `/offline/{lang}.html`.
 * @returns HTML; rejects with PieceError, `changed` if it is any other file
 */
export async function buildOfflineForm({ settings, load, ...boot }: Boot): Promise<Blob> {
  const text = async (pieces: readonly Piece[]) => (await load(pieces)).text();
  const form = JSON.parse(await text(textPieces(settings.pieces?.offline))) as OfflineForm;
  const frame = text(textPieces(form.frame));
  const scripts = await boot.parts();
  const [older, parts, client] = await Promise.all([
    text(scripts.older),
    text(scripts.parts),
    text([...scripts.client, ...Object.values(scripts.later)]),
  ]);
  // A function, since a script may hold what String.replace takes for a pattern.
  const page = (await frame)
    .replace(MARKS.older, () => older)
    .replace(MARKS.parts, () => parts)
    .replace(MARKS.client, () => client);
  const bytes = new TextEncoder().encode(page);
  await checkDigest(bytes, { path: `/offline/${settings.language}.html`, sha256: form.sha256 });
  return new Blob([bytes], { type: "text/html" });
}

window.posternLater = { ...window.posternLater, keep: buildOfflineForm };
