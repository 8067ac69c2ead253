/** The largest file that is shown. */
export const MAX_FILE_BYTES = 64 * 1024 ** 2;
/** The most pixels of a picture: a telephone's 50 million fit. Each takes four bytes, several times over. */
export const MAX_PIXELS = 64_000_000;
/** The most pixels of a page. A4 at 216 dots per inch has 4.5 million. */
export const MAX_PAGE_PIXELS = 12_000_000;
/** The most memory that one stream of a PDF may unfold to. */
export const MAX_STREAM_BYTES = 256 * 1024 ** 2;
/** The same for all streams and pictures of a page. A4, scanned in colour at 600 dots per inch, takes 390 MiB. */
export const MAX_STREAMS_BYTES = 2 * MAX_STREAM_BYTES;
/** Pages of a document that can be turned to. */
export const MAX_PAGES = 2_000;
/** How long a worker may take for a document's beginning, its own start included, and for each page. */
export const RENDER_TIMEOUT_MS = 30_000;
/** The same for HEIC: without WebAssembly, 12 million pixels take 10 s, and more on an old machine. */
export const HEIF_TIMEOUT_MS = 120_000;
/** The most pixels of a side, above which browsers draw nothing. */
export const MAX_SIDE = 16_000;
