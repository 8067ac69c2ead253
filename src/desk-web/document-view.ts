import { type CaseDocument, type CaseSubmission, showHidden, showLetter } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { embeddedEngine } from "../reading/index.js";
import { DeskError } from "./desk-error.js";
import { faultWords } from "./fault-words.js";
import { type DocumentSource, readingActions } from "./reading-actions.js";
import { save } from "./save.js";
import type { Session } from "./session.js";
import type { Say } from "./words.js";
import type { WorkerPool } from "./worker-pool.js";

/** The largest file to save: a browser may hold all of it in memory before it writes. */
export const MAX_SAVED_BYTES = 1024 ** 3;
/** How much of a text file is shown. */
const MAX_SHOWN_BYTES = 64 * 1024;

/** Actions on a document in the desk page. Each decrypts the submission again. */
export function documentActions(
  say: Say,
  workers: WorkerPool,
  session: Session,
  of: CaseSubmission,
  document: CaseDocument,
): Node[] {
  const { path, name, picture, type, warnings, bytes } = document;
  const file = () => session.fileOf(of);
  const source: DocumentSource = {
    script: embeddedEngine,
    file: () => workers.request({ kind: "document", file: file(), path, maxBytes: null }),
    explain: (cause) => faultWords(say, cause),
  };
  const actions: Node[] = [
    action(say, "desk-save", async () => {
      if (bytes > MAX_SAVED_BYTES) throw new DeskError("too_large", "");
      const contents = await workers.request({ kind: "document", file: file(), path, maxBytes: null });
      save(path.split("/").at(-1) ?? "document", contents);
      return null;
    }),
  ];
  if (picture && !warnings.includes("mismatch")) {
    actions.push(
      action(say, "index-picture", async () => {
        const drawn = await workers.request({ kind: "picture", file: file(), path });
        const canvas = make("canvas", { role: "img", "aria-label": showHidden(name) });
        canvas.width = drawn.width;
        canvas.height = drawn.height;
        canvas.getContext("2d")?.drawImage(drawn, 0, 0);
        return canvas;
      }),
    );
  } else if (type === null && warnings.length === 0 && bytes > 0) {
    actions.push(
      action(say, "desk-text", async () => {
        const head = await workers.request({ kind: "document", file: file(), path, maxBytes: MAX_SHOWN_BYTES });
        const text = readText(await head.arrayBuffer());
        return make("pre", { class: "letter" }, showLetter(text), ...(bytes > MAX_SHOWN_BYTES ? ["\n…"] : []));
      }),
    );
  }
  actions.push(...readingActions(say, source, of, document));
  return actions;
}

/** An action that saves the whole submission as an archive. */
export function saveAll(say: Say, workers: WorkerPool, session: Session, of: CaseSubmission): Node {
  return action(say, "desk-save-all", async () => {
    const file = session.fileOf(of);
    if (file.size > MAX_SAVED_BYTES) throw new DeskError("too_large", "");
    save(`${of.folder.replace("/", "-")}.tar`, await workers.request({ kind: "archive", file }));
    return null;
  });
}

/** A button that runs `act` and is replaced by its result. A failure is shown beside it. */
function action(say: Say, words: string, act: () => Promise<Node | null>): Node {
  const status = make("span", { role: "status" });
  const pressed = button(say(words), async () => {
    pressed.disabled = true;
    status.className = "";
    status.textContent = ` ${say("desk-working")}`;
    try {
      const result = await act();
      status.textContent = "";
      if (result !== null) pressed.replaceWith(result);
    } catch (cause) {
      status.className = "fault";
      status.textContent = ` ${faultWords(say, cause)}`;
    }
    pressed.disabled = false;
  });
  return make("span", {}, pressed, status);
}

/** Decodes UTF-8, or else the old Windows encoding for Russian and Ukrainian. */
function readText(bytes: ArrayBuffer): string {
  try {
    // As a stream, since the last character may be incomplete.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("windows-1251").decode(bytes);
  }
}
