import { type CaseDocument, type CaseSubmission, type Engine, engineOf, showHidden } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import {
  type EngineScript,
  HEIF_TIMEOUT_MS,
  imagePages,
  MAX_FILE_BYTES,
  openReader,
  RENDER_TIMEOUT_MS,
  renderPages,
} from "../reading/index.js";
import type { Say } from "./words.js";

/** Where a page has documents from. */
export interface DocumentSource {
  readonly script: EngineScript;
  /** Null where the page may not read files: staff choose them, and it draws pictures by their path. */
  readonly file: ((of: CaseSubmission, document: CaseDocument) => Promise<Blob>) | null;
  readonly explain: (cause: unknown) => string;
}

/** What opens a document in the reader, or says that it is too large for that; nothing for what is never shown. */
export function readingActions(
  say: Say,
  source: DocumentSource,
  of: CaseSubmission,
  document: CaseDocument,
): readonly Node[] {
  const engine = engineOf(document);
  if (engine === null || document.bytes === 0) return [];
  if (document.bytes > MAX_FILE_BYTES) return [make("span", { class: "note" }, say("reading-too-large"))];
  const words = { picture: "reading-full-size", heif: "index-picture", pdf: "reading-open" }[engine];
  return [button(say(words), () => read(say, source, of, document, engine), "quiet read")];
}

function read(
  say: Say,
  { script, file, explain }: DocumentSource,
  of: CaseSubmission,
  document: CaseDocument,
  engine: Engine,
): void {
  const { name, path, bytes } = document;
  const byPath = file === null && engine === "picture";
  openReader(say, {
    name: showHidden(name),
    warn: engine !== "picture",
    choose: file === null && !byPath ? { path: showHidden(path), bytes } : null,
    open: async (chosen, signal) => {
      if (byPath) return imagePages(path);
      const contents = chosen ?? (await file?.(of, document)) ?? new Blob();
      return renderPages(
        await script(engine),
        contents,
        signal,
        engine === "heif" ? HEIF_TIMEOUT_MS : RENDER_TIMEOUT_MS,
      );
    },
    explain,
  });
}
