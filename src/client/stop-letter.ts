import { formatReceiptCode, writeDraft } from "../core/index.js";
import { button, byId, make } from "../dom/index.js";
import { ask, type DraftsParts, fault, isNarrow, loadWords, presentWorker, serverOf, show } from "./draft-dialog.js";

// Loaded when somebody stops.

/** The same for everybody, so that the name reveals nothing. */
const FILE_NAME = "draft.gpg";

/** Asks where to keep the draft, and keeps it only there. */
export async function stopLetter(parts: DraftsParts): Promise<void> {
  await loadWords(parts);
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

function showKept({ say, boot, client }: DraftsParts, code: string, file: Blob | null): void {
  presentWorker()?.terminate();
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

window.posternLater = { ...window.posternLater, stop: stopLetter };
