export { writeCaseIndex } from "./case-index.js";
export { readCases } from "./cases.js";
export { type CountsPage, renderCountsPage } from "./counts-page.js";
export { renderDeskPage } from "./desk-page.js";
export { judgeDocument } from "./judge-document.js";
export { renderSharePage, type SharePage } from "./share-page.js";
