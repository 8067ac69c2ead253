type Child = Node | string;

/** Makes an element; text is text, never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

export function button(words: string, act: () => void, kind = "quiet"): HTMLButtonElement {
  const made = make("button", { type: "button", class: kind }, words);
  made.addEventListener("click", act);
  return made;
}

/** The element with this id, which the page must have. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}
