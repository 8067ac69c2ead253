export type { PictureData } from "./layout.js";
export { isSilent, type Picture, readPicture } from "./picture.js";
export { PictureError, type PictureFault } from "./picture-error.js";
