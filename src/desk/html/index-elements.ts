export const CASE_INDEX_FILE = "index.html";

/** Around a portion of the cases in `index.html`; between them is JSON that cannot close the element. */
export const PORTION_START = Buffer.from('<script type="application/json" class="cases">[');
export const PORTION_END = Buffer.from("]</script>\n");

/** Characters of a portion after the first: a page takes some 15 ms for it, in which nobody can type. */
export const PORTION_CHARS = 512 * 1024;

/** Cases of the first portion: those that a list shows before somebody asks for more. */
export const NEWEST = 100;
