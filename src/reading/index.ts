export { HEIF_TIMEOUT_MS, MAX_FILE_BYTES, RENDER_TIMEOUT_MS } from "./limits.js";
export { imagePages, type Pages, renderPages } from "./pages.js";
export { openReader, type Reading } from "./reader.js";
export { RenderError } from "./render-error.js";
export { type EngineScript, embeddedEngine, servedEngine } from "./start-engine.js";
