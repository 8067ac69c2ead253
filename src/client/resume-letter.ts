import { type Draft, readDraft } from "../core/index.js";
import { button, byId, make } from "../dom/index.js";
import { RECEIPT_CODE, readAnswer, writeAnswer } from "./answer-field.js";
import { ask, type DraftsParts, fault, isNarrow, loadWords, presentWorker, serverOf, show } from "./draft-dialog.js";
import type { Command, Report } from "./messages.js";
import { readCode } from "./read-code.js";
import type { ClientSettings } from "./settings.js";

// Loaded when somebody goes on with what was stopped.

/** Asks for the number, and fills the form with the draft. */
export async function resumeLetter(parts: DraftsParts): Promise<void> {
  await loadWords(parts);
  const { say, settings } = parts;
  const state = make("div", { role: "status" });
  const server = serverOf(parts);
  const field = make("input", {
    id: "field-draft-code",
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    autocorrect: "off",
    autocapitalize: "none",
    spellcheck: "false",
    writingsuggestions: "false",
    translate: "no",
    "aria-describedby": "help-draft-code",
  });
  const chooser = make("input", { type: "file", id: "field-draft-file", hidden: "", tabindex: "-1" });
  const open = async (file: File | null) => {
    const { code, fault: mistake } = readCode(field.value);
    if (code === null) {
      state.replaceChildren(fault(say(`code-fault-${mistake}`)));
      return field.focus();
    }
    const { portalSalt } = settings;
    const common = { code, portalSalt };
    const report = await ask(
      parts,
      state,
      "draft-opening",
      file === null
        ? { ...common, kind: "read", draft: true, server: server ?? "", narrow: isNarrow(parts) }
        : { ...common, kind: "open-draft", file },
    );
    const found = report?.kind === "replies" ? report.replies : null;
    if (found === null) return state.replaceChildren(fault(say("draft-fault-unreachable")));
    const [reply] = found;
    if (reply === undefined) return state.replaceChildren(fault(say("draft-fault-none")));
    const draft = read(reply.text);
    if (draft === null) state.replaceChildren(fault(say(`draft-fault-${file === null ? "damaged" : "wrong"}`)));
    else showOpened(parts, draft, reply.id);
  };
  chooser.addEventListener("change", () => {
    const [chosen] = chooser.files ?? [];
    if (chosen !== undefined) void open(chosen);
    chooser.value = "";
  });
  show(parts, "draft-resume", [
    make("label", { for: field.id }, say("draft-number")),
    make("p", { class: "help", id: "help-draft-code" }, say("draft-number-help")),
    field,
    chooser,
    make(
      "p",
      { class: "actions" },
      ...(server === null ? [] : [button(say("draft-open-site"), () => void open(null))]),
      button(say("draft-open-file"), () => chooser.click()),
    ),
    state,
  ]);
}

function read(text: string | null): Draft | null {
  try {
    return text === null ? null : readDraft(text);
  } catch {
    return null;
  }
}

function showOpened(parts: DraftsParts, draft: Draft, reply: string): void {
  const { say } = parts;
  const leftOver = fill(parts.settings, draft);
  const state = make("div", { role: "status" }, say("draft-opened"));
  const contents: Node[] = [state];
  if (draft.documents.length > 0) {
    const names = draft.documents.map((name) => make("li", { translate: "no" }, make("bdi", {}, name)));
    contents.push(make("p", {}, say("draft-files-again")), make("ul", {}, ...names));
  }
  if (leftOver.length > 0) {
    const texts = leftOver.map((text) => make("p", { class: "reply-text", dir: "auto", translate: "no" }, text));
    contents.push(make("p", {}, say("draft-left-over")), ...texts);
  }
  if (reply !== "") {
    const remove = button(say("draft-delete"), () => {
      const worker = presentWorker();
      remove.disabled = worker !== null;
      if (worker === null) return state.replaceChildren(say("draft-fault-unreachable"));
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        const gone = data.kind === "replies";
        remove.disabled = gone;
        state.replaceChildren(say(gone ? "draft-deleted" : "draft-fault-unreachable"));
      };
      worker.postMessage({ kind: "remove", reply } satisfies Command);
    });
    contents.push(make("p", {}, say("draft-stays"), " ", say("draft-days")), remove);
  }
  show(parts, "draft-resume", contents);
}

/** Fills what is empty. @returns the answers that have no place, or whose place is taken */
function fill({ form }: ClientSettings, { answers, receiptCode }: Draft): readonly string[] {
  const leftOver: string[] = [];
  for (const [id, answer] of Object.entries(answers)) {
    if (answer.length === 0) continue;
    const question = form.questions.find((each) => each.id === id);
    const there = question === undefined ? null : readAnswer(document, question);
    if (question === undefined || there === null || there.length > 0) leftOver.push([answer].flat().join(", "));
    else writeAnswer(document, question, answer);
  }
  const code = byId(`field-${RECEIPT_CODE}`) as HTMLInputElement;
  if (code.value === "" && receiptCode !== "") {
    code.value = receiptCode;
    code.closest("details")?.setAttribute("open", "");
  }
  // Shows the questions that these answers call for.
  byId("form").dispatchEvent(new Event("change"));
  return leftOver;
}

window.posternLater = { ...window.posternLater, resume: resumeLetter };
