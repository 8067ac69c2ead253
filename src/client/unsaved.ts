/** Of a letter: a form that the browser sends itself goes by sending, and must not be asked about. */
const FIELDS = '#form[method="dialog"] :is(input, textarea)';

let released = false;

/** Has the browser ask before the page goes while it holds what cannot be had again. */
export function askBeforeLeaving(): void {
  addEventListener("beforeunload", (event) => {
    if (!released && isUnsaved()) event.preventDefault();
  });
}

/** Lets the page go without a question: the submitter leaves in a hurry, and everything has been wiped. */
export function leaveFreely(): void {
  released = true;
}

/** Something written or chosen, a letter being sent or lying in the server's form, or a receipt code. */
export function isUnsaved(): boolean {
  if (document.querySelector(".receipt-code, .sending, .documents li:not(.removed), body.covered") !== null)
    return true;
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(FIELDS);
  return [...fields].some((field) => {
    if (field instanceof HTMLInputElement && /^(?:radio|checkbox)$/.test(field.type)) return field.checked;
    return field.value !== "";
  });
}
