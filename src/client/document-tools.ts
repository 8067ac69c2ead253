import type { Boot } from "./boot.js";
import type { LoadDocumentTools } from "./document-list.js";
import { textPieces } from "./loader/index.js";

/** Fetches what lists documents, and its words. */
export function loadDocumentTools({ settings, load, later, addWords }: Boot): LoadDocumentTools {
  const pieces = textPieces(settings.pieces?.documents);
  return async () => {
    const words = load(pieces).then((blob) => blob.text());
    const [documents, pictures] = await Promise.all([later("documents"), later("pictures"), later("heif")]);
    addWords(await words);
    return { documents, pictures };
  };
}
