import { Fault } from "../core/index.js";

/**
 * `malformed`: a length or a field that nobody of ours writes. `not_ours`: sealed to another key, changed on the way,
 * or the answer to another question.
 */
export type SealFault = "malformed" | "not_ours";

export class SealError extends Fault<SealFault> {}
