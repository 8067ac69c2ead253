// Not through core's public face: that would bring all of OpenPGP into the page's own thread.
import { entryName } from "../core/entry-name.js";
import { checkAnswers, writeLetter } from "../form/index.js";
import { DocumentList } from "./document-list.js";
import { Encrypter } from "./encrypter.js";
import { FormView, filesQuestion } from "./form-view.js";
import type { Report } from "./messages.js";
import { showReceipt } from "./receipt-view.js";
import { SendingView } from "./sending-view.js";
import { openServerForm } from "./server-form.js";
import { readSettings } from "./settings.js";

const { settings, say } = readSettings();
const form = new FormView(settings, say, { send, tryAgain: prepare, useServer });
const documents = new DocumentList(form.filesField, settings, say);
const encrypter = new Encrypter(settings, {
  ready: () => form.ready(),
  unusable: (code) => {
    if (sending !== null) backToForm(say("client-fault-internal"));
    form.unready(code);
  },
  report: heard,
});
let sending: SendingView | null = null;

document.getElementById("late")?.remove();
addEventListener("beforeunload", (event) => {
  if (sending !== null) event.preventDefault();
});
// A page that the browser kept would come back with what was written in it.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
prepare();

function prepare(): void {
  form.preparing();
  encrypter.start();
}

async function useServer(): Promise<void> {
  if (await openServerForm(settings, say, form.typed, documents.files)) {
    form.wipe();
    documents.wipe();
  } else form.unready("keys_unreachable");
}

function send(): void {
  const names = documents.files.map(() => filesQuestion(settings.form));
  const { answers, fault, question } = checkAnswers(settings.form, form.typed, names);
  const message = fault === null ? documents.fault : say(`fault-${fault}-cure`);
  if (message !== null) {
    form.explain(message, question, documents);
    return;
  }
  sending = new SendingView(settings, say, {
    pause: () => encrypter.tell({ kind: "pause" }),
    resume: () => encrypter.tell({ kind: "resume" }),
    cancel: () => encrypter.tell({ kind: "cancel" }),
  });
  form.hide();
  sending.show();
  const entries = documents.files.map(({ name }, index) => entryName(index + 1, name));
  encrypter.tell({
    kind: "send",
    endpoint: new URL("/uploads", location.href).href,
    form: { id: settings.form.id, version: settings.form.version },
    language: settings.language,
    answers,
    letter: writeLetter(settings.form, answers, entries, {
      heading: say("letter-heading"),
      question: (id) => say(`question-${id}`),
      documents: say("letter-documents"),
    }),
    documents: documents.files,
  });
}

function heard(report: Report): void {
  if (report.kind === "sending") sending?.progress(report.sent, report.total);
  else if (report.kind === "storing") sending?.storing();
  else if (report.kind === "line") sending?.line(report.working);
  else if (report.kind === "failed") backToForm(say(`client-fault-${report.code}`));
  else if (report.kind === "cancelled") backToForm(say("client-cancelled"));
  else if (report.kind === "stored") {
    const count = documents.files.length;
    sending = null;
    encrypter.stop();
    form.wipe();
    documents.wipe();
    showReceipt(settings, say, count);
  }
}

function backToForm(message: string): void {
  sending?.hide();
  sending = null;
  form.comeBack(message);
}
