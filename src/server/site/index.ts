export { publishAssets } from "./assets.js";
export {
  type ClientBuild,
  type ClientScript,
  type ClientScripts,
  loadClientBuild,
  loadEarlierScripts,
  scriptsFor,
} from "./client-build.js";
export { publishFixedPages } from "./fixed-pages.js";
export { type FixedPath, fixedPaths, loadStyles } from "./fixed-paths.js";
export { publishForget } from "./forget.js";
export { publishFrames } from "./frames.js";
export { publishGatewayWarning } from "./gateway.js";
export { publishExit } from "./leave.js";
export { publishOfflineForm } from "./offline-form.js";
export { createPagePieces, type LanguagePieces, type PagePieces } from "./page-pieces.js";
export { publishKeys } from "./published-keys.js";
export { publishWellKnown, type WellKnown } from "./well-known.js";
