import type { readHeif } from "../pictures/index.js";
import type { MakeDocumentTools, PictureTools } from "./documents/index.js";

/** What is loaded only once it is asked for. */
export interface Later {
  /** The list of documents with all that it can do. */
  readonly documents: MakeDocumentTools;
  /** What reads and copies pictures. */
  readonly pictures: PictureTools;
  /** The same for HEIC and AVIF. */
  readonly heif: typeof readHeif;
}

declare global {
  interface Window {
    /** Each of those scripts puts here what it does. */
    posternLater?: Partial<Later>;
  }
}
