import { make } from "../dom/index.js";
import type { Answers } from "../form/index.js";
import { writeAnswer } from "./answer-field.js";
import { RECEIPT_CODE } from "./form-view.js";
import type { ClientSettings, Say } from "./settings.js";

type Realm = typeof globalThis;

/**
 * Opens the form that the server encrypts, in a frame over the page, with what was written already in it. Nothing is sent
 * by this: the person still has to press that form's own button.
 *
 * @returns whether everything was carried over; if not, nothing has changed
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
        const carried = carry(frame, settings, answers, files, receiptCode);
        if (carried) {
          document.body.className = "covered";
          frame.focus();
        } else frame.remove();
        resolve(carried);
      },
      { once: true },
    );
    document.body.append(frame);
  });
}

function carry(
  frame: HTMLIFrameElement,
  { form }: ClientSettings,
  answers: Answers,
  files: readonly File[],
  receiptCode: string,
): boolean {
  // An error page of the browser's own cannot be looked into.
  const page = frame.contentDocument;
  const realm = frame.contentWindow as (Window & Realm) | null;
  if (page === null || realm === null) return false;
  const code = page.getElementById(`field-${RECEIPT_CODE}`);
  if (!(code instanceof realm.HTMLInputElement)) return false;
  code.value = receiptCode;
  return form.questions.every((question) => {
    if (question.kind !== "files") return writeAnswer(page, question, answers[question.id] ?? "");
    const field = page.getElementById(`field-${question.id}`);
    return field instanceof realm.HTMLInputElement && carryFiles(field, files);
  });
}

function carryFiles(field: HTMLInputElement, files: readonly File[]): boolean {
  if (files.length === 0) return true;
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  field.files = chosen.files;
  return field.files?.length === files.length;
}
