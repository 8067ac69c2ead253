export { readHeif } from "./heif.js";
export { readJpeg } from "./jpeg.js";
export type { PictureData } from "./layout.js";
export { isSilent, type Picture, type Readers, readPictureWith } from "./picture.js";
export { PictureError, type PictureFault } from "./picture-error.js";
export { readPng } from "./png.js";
export { readWebp } from "./webp.js";
