import type { CaseDocument, CaseSubmission } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { faultWords } from "./fault-words.js";
import { save } from "./save.js";
import type { Session } from "./session.js";
import { showHidden, showLetter } from "./show-hidden.js";
import type { Say } from "./words.js";
import { DeskError, type DeskWorkers } from "./worker-pool.js";

/** Bytes of what a browser saves in one: it may hold all of it in memory before it writes. */
export const LARGEST_SAVED = 1024 ** 3;
/** Bytes of a text that are shown. */
const SHOWN = 64 * 1024;

/** What can be done with a document on the desk page. Its file is decrypted once more for it. */
export function documentActions(
  say: Say,
  workers: DeskWorkers,
  session: Session,
  of: CaseSubmission,
  document: CaseDocument,
): Node[] {
  const { path, name, picture, type, warnings, bytes } = document;
  const file = () => session.fileOf(of);
  const actions: Node[] = [
    action(say, "desk-save", async () => {
      if (bytes > LARGEST_SAVED) throw new DeskError("too_large", "");
      const contents = await workers.ask({ kind: "document", file: file(), path, most: null });
      save(path.split("/").at(-1) ?? "document", contents);
      return null;
    }),
  ];
  if (picture && !warnings.includes("mismatch")) {
    actions.push(
      action(say, "index-picture", async () => {
        const drawn = await workers.ask({ kind: "picture", file: file(), path });
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
        const head = await workers.ask({ kind: "document", file: file(), path, most: SHOWN });
        const text = readText(await head.arrayBuffer());
        return make("pre", { class: "letter" }, showLetter(text), ...(bytes > SHOWN ? ["\n…"] : []));
      }),
    );
  }
  return actions;
}

/** The whole submission as the archive that it is. */
export function saveAll(say: Say, workers: DeskWorkers, session: Session, of: CaseSubmission): Node {
  return action(say, "desk-save-all", async () => {
    const file = session.fileOf(of);
    if (file.size > LARGEST_SAVED) throw new DeskError("too_large", "");
    save(`${of.folder.replace("/", "-")}.tar`, await workers.ask({ kind: "archive", file }));
    return null;
  });
}

/** A button that does something, and says beside it if that fails. What comes of it takes its place. */
function action(say: Say, words: string, act: () => Promise<Node | null>): Node {
  const said = make("span", { role: "status" });
  const pressed = button(say(words), async () => {
    pressed.disabled = true;
    said.className = "";
    said.textContent = ` ${say("desk-working")}`;
    try {
      const made = await act();
      said.textContent = "";
      if (made !== null) pressed.replaceWith(made);
    } catch (cause) {
      said.className = "fault";
      said.textContent = ` ${faultWords(say, cause)}`;
    }
    pressed.disabled = false;
  });
  return make("span", {}, pressed, said);
}

/** UTF-8, or else what Windows wrote Russian and Ukrainian in before it. */
function readText(bytes: ArrayBuffer): string {
  try {
    // The last character may be cut in two.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("windows-1251").decode(bytes);
  }
}
