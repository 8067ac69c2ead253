export { button, byId, make } from "./dom.js";
export { startWorker } from "./start-worker.js";
export { untilParsed } from "./until-parsed.js";
