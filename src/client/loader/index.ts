export { loadParts, type Parts, readBuild } from "./build-list.js";
export { checkDigest, type Piece, PieceError, type PieceFault, pieceOf, textPieces } from "./piece.js";
export { type LoadState, PieceLoader } from "./piece-loader.js";
export { runScript } from "./run-script.js";
export { scriptPolicy } from "./script-policy.js";
export { type Abilities, findAbilities, loadWorkerScript } from "./worker-script.js";
