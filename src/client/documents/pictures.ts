import { isSilent, PictureError, readJpeg, readPictureWith, readPng, readWebp } from "../../pictures/index.js";

// Loaded when the first document is chosen. What takes HEIC apart is a script of its own.

const readers = {
  jpeg: readJpeg,
  png: readPng,
  webp: readWebp,
  heif: (...[source]: Parameters<typeof readJpeg>) => {
    if (window.posternLater?.heif !== undefined) return window.posternLater.heif(source);
    throw new PictureError("unsupported", "what reads HEIC is not loaded");
  },
};

window.posternLater = {
  ...window.posternLater,
  pictures: { isSilent, readPicture: (file) => readPictureWith(readers, file) },
};
