import { Fault } from "../core/index.js";

/** `malformed`: breaks its format's rules; `unsupported`: follows them, in a way that we do not take apart. */
export type PictureFault = "malformed" | "unsupported";

export class PictureError extends Fault<PictureFault> {}
