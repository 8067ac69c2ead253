/** Replaces the page's main element, or adds the first one. */
export function showMain(main: HTMLElement): void {
  const before = document.querySelector("main");
  if (before === null) document.body.prepend(main);
  else before.replaceWith(main);
}
