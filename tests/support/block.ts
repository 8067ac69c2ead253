/** The block that `command` writes into a page, with the marks around it. */
const marks = (command: string) =>
  [`<!-- written by ${command} -->\n`, `<!-- end of what ${command} writes -->\n`] as const;

/** `page`, with `block` as what `command` writes into it; the rest of the page is written by hand. */
export function withBlock(page: string, command: string, block: string): string {
  const [begin, end] = marks(command);
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no place for what ${command} writes`);
  return `${page.slice(0, from)}${begin}\n${block}\n\n${page.slice(to)}`;
}
