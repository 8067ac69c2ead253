import type { isSilent, Picture } from "../../pictures/index.js";
import type { DroppedItem } from "../dropped-item.js";
import type { ClientSettings, Say } from "../settings.js";
import type { Dropped } from "./dropped-files.js";

/** Where documents are listed. */
export interface DocumentPlace {
  /** Gets the list. */
  readonly element: HTMLElement;
  readonly settings: ClientSettings;
  readonly say: Say;
  /** What the person has chosen before this list came. */
  readonly takesOut: boolean;
  /** The person has taken a document out, or put it back. */
  readonly change: (files: readonly File[]) => void;
  /** Something was found out: `fault` may be another. */
  readonly found: () => void;
}

/** What reads and copies pictures, from a script of its own. */
export interface PictureTools {
  /** As `readPictureWith` in src/pictures. */
  readonly readPicture: (file: Blob) => Promise<Picture | null>;
  readonly isSilent: typeof isSilent;
}

/** The list of documents with all that it can do. */
export interface DocumentTools {
  readonly show: (files: readonly File[]) => void;
  /** Why what is chosen cannot be sent, as a sentence; null while it can. */
  readonly fault: () => string | null;
  /** Whether the person has chosen to take out of pictures what they tell. */
  readonly takesOut: () => boolean;
  /** What is sent: of pictures, copies without their data where the person has chosen so. */
  readonly outgoing: (files: readonly File[]) => readonly File[];
  readonly readDropped: (items: readonly DroppedItem[], maxFiles: number) => Promise<Dropped>;
  /** After a file could not be read while it was sent: finds out which. */
  readonly checkAgain: () => void;
}

export type MakeDocumentTools = (place: DocumentPlace, pictures: PictureTools) => DocumentTools;
