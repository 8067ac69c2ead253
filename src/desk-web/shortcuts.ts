import { CASE_STATUSES, type CaseStatus } from "../cases/index.js";

/** What the keys do in a list of cases. */
export interface ShortcutActions {
  readonly search: () => void;
  /** Of the case that has the focus, or the first or last: 1 the next, -1 the one before. */
  readonly move: (by: 1 | -1) => void;
  readonly choose: () => void;
  readonly note: () => void;
  readonly status: (status: CaseStatus) => void;
  readonly undo: () => void;
}

/** The action of a key, by its place: in any layout of the keyboard. Null for any other, and while somebody types. */
export function shortcutOf(event: KeyboardEvent, actions: ShortcutActions): (() => void) | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || isTyped(event.target)) return null;
  const status = CASE_STATUSES[Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]) - 1];
  if (status !== undefined) return () => actions.status(status);
  switch (event.code) {
    case "KeyJ":
      return () => actions.move(1);
    case "KeyK":
      return () => actions.move(-1);
    case "KeyX":
      return actions.choose;
    case "KeyN":
      return actions.note;
    case "KeyU":
      return actions.undo;
    default:
      return event.key === "/" || event.code === "Slash" ? actions.search : null;
  }
}

function isTyped(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
