import { DocumentView } from "./document-view.js";
import { readDropped } from "./dropped-files.js";

// Loaded when the first document is chosen.

window.posternLater = {
  ...window.posternLater,
  documents: (place, pictures) => {
    const view = new DocumentView(place, pictures);
    return {
      show: (files) => view.show(files),
      fault: () => view.fault,
      takesOut: () => view.takesOut,
      outgoing: (files) => view.outgoing(files),
      readDropped,
      checkAgain: () => view.checkAgain(),
    };
  },
};
