import type { readHeif } from "../pictures/index.js";
import type { changeLanguage } from "./change-language.js";
import type { Client } from "./client.js";
import type { MakeDocumentTools, PictureTools } from "./documents/index.js";
import type { DraftsParts } from "./draft-dialog.js";
import type { offerDrafts } from "./draft-offer.js";
import type { MailboxView } from "./mailbox-view.js";
import type { buildOfflineForm } from "./offline-form-builder.js";
import type { showReceipt, showSaved } from "./receipt-view.js";
import type { openServerForm } from "./server-form.js";

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
  /** Where replies are read. Loaded with the client of the page for them. */
  readonly mailbox: typeof MailboxView;
  /** Hands the letter to the form that the server encrypts. */
  readonly server: typeof openServerForm;
  /** Puts the offline form together. */
  readonly keep: typeof buildOfflineForm;
  /** Starts the offline form. Only part of that. */
  readonly offline: null;
}

/** What the client's script leaves to what starts the offline form. */
export interface ClientScript {
  readonly Client: typeof Client;
  readonly offerDrafts: typeof offerDrafts;
  readonly showReceipt: typeof showReceipt;
  readonly showSaved: typeof showSaved;
}

declare global {
  interface Window {
    /** Each of those scripts puts here what it does. */
    posternLater?: Partial<Later>;
    posternClient?: ClientScript;
  }
}
