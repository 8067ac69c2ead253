import { make } from "../dom/index.js";
import { reveal } from "./answer-field.js";

/** A fault in one question, or in the whole form if `question` is null. */
export interface FieldFault {
  readonly question: string | null;
  readonly message: string;
}

/** A fault and where to show it. */
export interface PlacedFault {
  readonly message: string;
  /** The message with the question's label, for the list of faults; null where the field says enough. */
  readonly summary: string | null;
  /** The question's id. */
  readonly id: string;
  /** Gets the focus; a button for documents. */
  readonly field: HTMLElement;
}

/**
 * Lists the faults at the head of `form`, shows each beside its question, and focuses the first field.
 * @returns removes all that was shown
 */
export function showFaults(form: HTMLElement, faults: readonly PlacedFault[]): () => void {
  const list = make("div", { class: "alert", role: "alert" });
  const undo = [() => list.remove()];
  for (const fault of faults) {
    undo.push(describe(fault));
    if (fault.summary === null) continue;
    const link = make("a", { href: "#" }, fault.summary);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      reveal(fault.field);
      fault.field.focus();
    });
    list.append(make("p", {}, link));
  }
  if (list.hasChildNodes()) form.prepend(list);
  for (const { field } of faults) reveal(field);
  faults[0]?.field.focus();
  return () => {
    for (const step of undo) step();
  };
}

/** Shows a fault below the help of its question, and links it for screen readers. Returns what removes it. */
function describe({ field, id, message }: PlacedFault): () => void {
  const group = field.closest("fieldset");
  const described = group ?? field;
  const before = described.getAttribute("aria-describedby");
  const part = field.closest(".field");
  // The list of documents may say so already.
  const said = [...(part?.querySelectorAll(".fault") ?? [])].find(({ textContent }) => textContent === message);
  const words = said ?? make("p", { class: "fault" }, message);
  words.id = `fault-${id}`;
  if (said === undefined) (part?.querySelector(".help") ?? part?.querySelector("label, legend"))?.after(words);
  part?.classList.add("faulty");
  described.setAttribute("aria-describedby", [words.id, before ?? ""].join(" ").trim());
  if (group === null && !(field instanceof HTMLButtonElement)) field.setAttribute("aria-invalid", "true");
  return () => {
    if (said === undefined) words.remove();
    part?.classList.remove("faulty");
    field.removeAttribute("aria-invalid");
    if (before === null) described.removeAttribute("aria-describedby");
    else described.setAttribute("aria-describedby", before);
  };
}
