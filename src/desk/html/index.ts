export { fairShare } from "./case-budget.js";
export {
  type IndexedCase,
  type IndexLimits,
  indexedCase,
  LIMITS,
  replaceCaseIndex,
  writeCaseIndex,
} from "./case-index.js";
export { type CaseFolder, caseFolder, caseReader, isFollowUp, listCases, newestFirst, readCases } from "./cases.js";
export { type CountsPage, renderCountsPage } from "./counts-page.js";
export { renderDeskPage } from "./desk-page.js";
export { builtEngines, embed, engineElements, pageWords, readEngine, renderHtmlPage } from "./html-page.js";
export { NEWEST, PORTION_CHARS } from "./index-elements.js";
export { judgeDocument } from "./judge-document.js";
export { newestIndexed } from "./newest-indexed.js";
export { packLogs } from "./packed-notes.js";
export { renderSharePage, type SharePage } from "./share-page.js";
