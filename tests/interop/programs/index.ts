export { gnupg } from "./gnupg.js";
export type { MadeKey, Place, Program } from "./program.js";
export { rnp } from "./rnp.js";
export { sequoia } from "./sequoia.js";
export { sop } from "./sop.js";
