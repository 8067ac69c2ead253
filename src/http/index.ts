export { compressPages } from "./compress-pages.js";
export { FIRST_STYLE } from "./first-style.js";
export { type HeaderOptions, strictHeaders } from "./headers.js";
export { createLog, type OperatorLog } from "./log.js";
export { render } from "./page.js";
export { partStream } from "./part-stream.js";
export { staticAnswer } from "./static-answer.js";
export { loadStylesheet, type Stylesheet, stylesheetOf } from "./stylesheet.js";
export { unbuffered } from "./unbuffered.js";
