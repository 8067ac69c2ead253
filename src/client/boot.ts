import type { Later } from "./later.js";
import type { Parts, Piece } from "./loader/index.js";
import type { Keys } from "./messages.js";
import type { ClientSettings, Say } from "./settings.js";

/** Connections of an upload at one time: a piece follows while the end of the last is on its way. */
export const UPLOAD_CONNECTIONS = 2;

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
  /** Leaves so many connections to an upload from now on. Resolves once it may make them. */
  readonly leaveRoom: (connections: number) => Promise<void>;
  /** Starts a worker once its script has been fetched and checked. Rejects with PieceError. */
  readonly startWorker: () => Promise<Worker>;
  /**
   * Where the worker gets the recipients' certificates, and whether the server has been found to be a portal. Otherwise
   * the worker has to ask. Rejects with PieceError.
   */
  readonly askPortal: () => Promise<{ readonly keys: Keys; readonly isPortal: boolean }>;
  /** The scripts that the offline form is made of. Rejects with PieceError. */
  readonly parts: () => Promise<Parts>;
  /** The contents of pieces, joined. Rejects with PieceError. */
  readonly load: (pieces: readonly Piece[]) => Promise<Blob>;
  /** What is needed rarely: loads its script unless that has run, and returns what it does. Rejects with PieceError. */
  readonly later: <Name extends keyof Later>(name: Name) => Promise<Later[Name]>;
  /** Shows in `element` how far loading is, until the returned function is called. */
  readonly showLoading: (element: HTMLElement) => () => void;
  /** What a person can do where nothing gets through. */
  readonly advice: () => HTMLElement;
  /** Whether the page holds what cannot be had again. */
  readonly isUnsaved: () => boolean;
  /** Has `wipe` called when the person leaves in a hurry. */
  readonly onLeave: (wipe: () => void) => void;
}

declare global {
  interface Window {
    postern?: Boot;
  }
}
