import type { changeLanguage } from "./change-language.js";
import type { DraftsParts } from "./draft-dialog.js";
import type { Piece } from "./loader/index.js";
import type { Keys } from "./messages.js";
import type { ClientSettings, Say } from "./settings.js";

/** What the page's first script hands to the client that it has loaded. */
export interface Boot {
  readonly settings: ClientSettings;
  readonly say: Say;
  /** Adds or replaces words that `say` has. */
  readonly addWords: (json: string) => void;
  /** Whether this network cuts connections short. */
  readonly isNarrow: () => boolean;
  /** Goes on in small pieces, after something larger did not get through. */
  readonly becomeNarrow: () => void;
  /** Starts a worker once its script has been fetched and checked. Rejects with PieceError. */
  readonly startWorker: () => Promise<Worker>;
  /** Where the worker gets the recipients' certificates. Rejects with PieceError. */
  readonly keys: () => Promise<Keys>;
  /** The scripts that the offline form is made of. */
  readonly scripts: Readonly<Record<"older" | "parts" | "client", readonly Piece[]>> & {
    readonly later: Readonly<Record<keyof Later, Piece>>;
  };
  /** The contents of pieces, joined. Rejects with PieceError. */
  readonly load: (pieces: readonly Piece[]) => Promise<Blob>;
  /** What is needed rarely: loads its script unless that has run, and returns what it does. Rejects with PieceError. */
  readonly later: <Name extends keyof Later>(name: Name) => Promise<Later[Name]>;
  /** Shows in `element` how far loading is, until the returned function is called. */
  readonly showLoading: (element: HTMLElement) => () => void;
  /** What a person can do where nothing gets through. */
  readonly advice: () => HTMLElement;
  /** Has `wipe` called when the person leaves in a hurry. */
  readonly onLeave: (wipe: () => void) => void;
}

/** What is loaded only once it is asked for. */
export interface Later {
  readonly language: typeof changeLanguage;
  readonly stop: (parts: DraftsParts) => Promise<void>;
  readonly resume: (parts: DraftsParts) => Promise<void>;
}

declare global {
  interface Window {
    postern?: Boot;
    /** Each of those scripts puts here what it does. */
    posternLater?: Partial<Later>;
  }
}
