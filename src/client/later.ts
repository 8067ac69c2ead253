import type { readHeif } from "../pictures/index.js";
import type { changeLanguage } from "./change-language.js";
import type { MakeDocumentTools, PictureTools } from "./documents/index.js";
import type { DraftsParts } from "./draft-dialog.js";

/** What is loaded only once it is asked for. */
export interface Later {
  /** The list of documents with all that it can do. */
  readonly documents: MakeDocumentTools;
  /** What reads and copies pictures. */
  readonly pictures: PictureTools;
  /** The same for HEIC and AVIF. */
  readonly heif: typeof readHeif;
  /** Puts the page in another language in the place of this one. */
  readonly language: typeof changeLanguage;
  /** Keeps a letter as a draft, and goes on with one. */
  readonly stop: (parts: DraftsParts) => Promise<void>;
  readonly resume: (parts: DraftsParts) => Promise<void>;
}

declare global {
  interface Window {
    /** Each of those scripts puts here what it does. */
    posternLater?: Partial<Later>;
  }
}
