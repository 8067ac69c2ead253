import { make } from "../dom/index.js";
import type { Answers } from "../form/index.js";
import { RECEIPT_CODE, reveal, writeAnswer } from "./answer-field.js";
import type { ClientSettings, Say } from "./settings.js";

type Realm = typeof globalThis;

/**
 * Opens the form that the server encrypts in a frame over the page, filled with what the user has written. Sends
 * nothing: the user still has to press that form's button.
 *
 * @returns whether every field was filled; if not, the page is unchanged
 */
export function openServerForm(
  settings: ClientSettings,
  say: Say,
  answers: Answers,
  files: readonly File[],
  receiptCode: string,
): Promise<boolean> {
  const frame = make("iframe", { class: "portal", src: `/${settings.language}/form/alone`, title: say("frame-form") });
  return new Promise((resolve) => {
    frame.addEventListener(
      "load",
      () => {
        const filled = fill(frame, settings, answers, files, receiptCode);
        if (filled) {
          document.body.className = "covered";
          frame.focus();
        } else frame.remove();
        resolve(filled);
      },
      { once: true },
    );
    document.body.append(frame);
  });
}

function fill(
  frame: HTMLIFrameElement,
  { form }: ClientSettings,
  answers: Answers,
  files: readonly File[],
  receiptCode: string,
): boolean {
  // The browser's own error page is cross-origin: it has no document here.
  const page = frame.contentDocument;
  const realm = frame.contentWindow as (Window & Realm) | null;
  if (page === null || realm === null) return false;
  const code = page.getElementById(`field-${RECEIPT_CODE}`);
  if (!(code instanceof realm.HTMLInputElement)) return false;
  code.value = receiptCode;
  if (receiptCode !== "") reveal(code);
  return form.questions.every((question) => {
    if (question.kind !== "files") return writeAnswer(page, question, answers[question.id] ?? "");
    const field = page.getElementById(`field-${question.id}`);
    return field instanceof realm.HTMLInputElement && fillFiles(field, files);
  });
}

function fillFiles(field: HTMLInputElement, files: readonly File[]): boolean {
  if (files.length === 0) return true;
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  field.files = chosen.files;
  return field.files?.length === files.length;
}

window.posternLater = { ...window.posternLater, server: openServerForm };
