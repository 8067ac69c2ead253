/** What the keys do in the reader. */
export interface ReaderActions {
  readonly zoom: (steps: 1 | -1) => void;
  readonly whole: () => void;
  readonly turn: () => void;
  readonly magnify: () => void;
  /** By steps, to the right and down. */
  readonly move: (right: number, down: number) => void;
  readonly page: (by: 1 | -1) => void;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The action of a key, letters by their place: in any layout of the keyboard. Null for any other. */
export function readerAction(event: KeyboardEvent, actions: ReaderActions): (() => void) | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) return () => actions.move(...arrow);
  if (event.key === "+" || event.key === "=") return () => actions.zoom(1);
  if (event.key === "-") return () => actions.zoom(-1);
  switch (event.code) {
    case "Digit0":
    case "Numpad0":
      return actions.whole;
    case "KeyR":
      return actions.turn;
    case "KeyM":
      return actions.magnify;
    case "PageDown":
      return () => actions.page(1);
    case "PageUp":
      return () => actions.page(-1);
    default:
      return null;
  }
}
