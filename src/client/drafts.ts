import { type Draft, formatReceiptCode, readDraft, writeDraft } from "../core/index.js";
import { button, byId, make } from "../dom/index.js";
import { RECEIPT_CODE, readAnswer, writeAnswer } from "./answer-field.js";
import type { Boot } from "./boot.js";
import type { Client } from "./client.js";
import { pieceOf } from "./loader/index.js";
import type { Command, Report } from "./messages.js";
import { readCode } from "./read-code.js";
import type { ClientSettings, Say } from "./settings.js";

// Loaded when somebody stops, or goes on with what was stopped.

export interface DraftsParts {
  readonly settings: ClientSettings;
  readonly say: Say;
  readonly startWorker: () => Promise<Worker>;
  /** Null in the offline form. */
  readonly boot: Boot | null;
  readonly client: Client;
  /** Where it is shown. */
  readonly place: HTMLElement;
}

/** The same for everybody, so that the name reveals nothing. */
const FILE_NAME = "draft.gpg";

/** Asks where to keep the draft, and keeps it only there. */
async function stopHere(parts: DraftsParts): Promise<void> {
  const { say, settings, client } = parts;
  const state = make("div", { role: "status" });
  const server = serverOf(parts);
  const keep = async (endpoint: string | null) => {
    const { typed: answers, receiptCode } = client.form;
    const documents = client.documents.files.map(({ name }) => name);
    let text: string;
    try {
      text = writeDraft({ answers, receiptCode, documents });
    } catch {
      return state.replaceChildren(fault(say("draft-fault-too_large")));
    }
    const { portalSalt } = settings;
    const report = await ask(parts, state, "draft-keeping", {
      ...{ kind: "keep-draft", text, portalSalt, endpoint },
      narrow: isNarrow(parts),
    });
    if (report?.kind === "draft") return showKept(parts, report.code, endpoint === null ? report.file : null);
    const full = report?.kind === "failed" && report.code === "no_space";
    state.replaceChildren(fault(say(`draft-fault-${full ? "no_space" : "failed"}`)));
  };
  show(parts, "draft-stop", [
    ...["draft-lead", "draft-documents", "draft-risk"].map((id) => make("p", {}, say(id))),
    ...(server === null
      ? []
      : [
          button(say("draft-on-site"), () => void keep(new URL("/uploads", server).href)),
          make("p", { class: "note" }, say("draft-on-site-means"), " ", say("draft-days")),
        ]),
    button(say("draft-in-file"), () => void keep(null)),
    make("p", { class: "note" }, say("draft-in-file-means")),
    state,
  ]);
}

/** Asks for the number, and fills the form with the draft. */
async function goOn(parts: DraftsParts): Promise<void> {
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
  show(parts, "draft-go-on", [
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

/** This site, where it takes drafts. */
function serverOf({ boot, settings }: DraftsParts): string | null {
  return boot === null || settings.draftDays === null ? null : new URL("/", location.href).href;
}

function isNarrow({ boot }: DraftsParts): boolean {
  return boot?.isNarrow() ?? false;
}

function read(text: string | null): Draft | null {
  try {
    return text === null ? null : readDraft(text);
  } catch {
    return null;
  }
}

function show({ say, place }: DraftsParts, title: string, contents: readonly Node[]): void {
  const heading = make("h2", { tabindex: "-1" }, say(title));
  place.replaceChildren(
    heading,
    ...contents,
    make(
      "p",
      {},
      button(
        say("draft-back"),
        () => {
          worker?.terminate();
          place.replaceChildren();
        },
        "quiet back",
      ),
    ),
  );
  heading.focus();
}

function fault(words: string): HTMLElement {
  return make("strong", { class: "fault" }, words);
}

/** What the worker answers; null where there is none, or it failed. It lives on for a draft that can be removed. */
async function ask(parts: DraftsParts, state: HTMLElement, words: string, command: Command): Promise<Report | null> {
  const { place, say } = parts;
  const buttons = [...place.querySelectorAll<HTMLButtonElement>("button:not(.back)")];
  for (const each of buttons) each.disabled = true;
  state.replaceChildren(say(words));
  try {
    worker?.terminate();
    const started = await parts.startWorker();
    worker = started;
    return await new Promise((resolve) => {
      started.onerror = () => resolve(null);
      started.onmessage = ({ data }: MessageEvent<Report>) => resolve(data);
      started.postMessage(command);
    });
  } catch {
    return null;
  } finally {
    for (const each of buttons) each.disabled = false;
  }
}

let worker: Worker | null = null;

function showKept({ say, boot, client }: DraftsParts, code: string, file: Blob | null): void {
  worker?.terminate();
  client.wipe();
  const link = make("a", { download: FILE_NAME, class: "button" }, say("draft-in-file"));
  if (file !== null) link.href = URL.createObjectURL(file);
  const heading = make("h1", { tabindex: "-1" }, say("draft-kept"));
  document.body.className = "receipt";
  byId("main").replaceChildren(
    heading,
    make("p", { role: "status" }, say("draft-not-sent")),
    make(
      "section",
      {},
      ...[
        make("h2", {}, say("draft-number")),
        make("p", { class: "receipt-code", translate: "no" }, formatReceiptCode(code)),
        make("p", {}, say("draft-number-keep")),
      ],
    ),
    ...(file === null
      ? [make("p", {}, say("draft-kept-site"), " ", say("draft-days"))]
      : [make("p", {}, say("draft-kept-file", { name: FILE_NAME })), make("p", {}, link)]),
    make("p", {}, say(boot === null ? "draft-device" : "receipt-device")),
  );
  document.title = say("draft-kept");
  heading.focus();
  if (file !== null) link.click();
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
      remove.disabled = true;
      if (worker === null) return;
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        const gone = data.kind === "replies";
        remove.disabled = gone;
        state.replaceChildren(say(gone ? "draft-deleted" : "draft-fault-unreachable"));
      };
      worker.postMessage({ kind: "remove", reply } satisfies Command);
    });
    contents.push(make("p", {}, say("draft-stays"), " ", say("draft-days")), remove);
  }
  show(parts, "draft-go-on", contents);
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

window.posternLater = {
  ...window.posternLater,
  drafts: async (which, parts) => {
    const { boot, settings } = parts;
    const words = (settings.pieces?.drafts ?? []).map((sha256) => pieceOf("text", sha256));
    if (boot !== null) boot.addWords(await (await boot.load(words)).text());
    await (which === "stop" ? stopHere(parts) : goOn(parts));
  },
};
