import { createHash } from "node:crypto";
import type { Form } from "../../form/index.js";
import type { Texts } from "../../locales/index.js";
import { clientWords, documentWords, draftWords, forwardWords } from "../pages/client-settings.js";
import type { Portal } from "../pages/layout.js";
import { renderOfflinePage } from "../pages/offline-page.js";
import type { Published } from "../published-keys.js";
import type { Recipients } from "../recipients/index.js";
import { type ClientBuild, type ClientScript, scriptsFor } from "./client-build.js";
import { cutText, type TextPiece, textInOne } from "./text-pieces.js";

/** What the pages of one language load in pieces. */
export interface LanguagePieces {
  /** For the page's settings: digests of the pieces, in hex. */
  readonly named: {
    readonly words: readonly string[];
    readonly drafts: readonly string[];
    /** The words in one. */
    readonly wordsWhole: string;
    readonly keys: readonly string[];
    readonly documents: readonly string[];
    /** What names the pieces of the offline form. */
    readonly offline: readonly string[];
  };
  /** The same of the page that takes a file which is encrypted already: its words. */
  readonly forwardWords: readonly string[];
  readonly forwardWordsWhole: string;
  /** The offline form, as a whole. */
  readonly offlineForm: string;
}

export interface PagePieces {
  readonly of: (texts: Texts) => LanguagePieces;
  readonly all: readonly TextPiece[];
}

export interface PagePiecesParts {
  readonly portal: Portal;
  readonly formIn: (texts: Texts) => Form;
  readonly recipients: Recipients;
  readonly keys: Published;
  readonly portalSalt: Uint8Array;
  readonly client: ClientBuild;
}

/**
 * Cuts what the client loads, besides its scripts, into pieces: its words, the certificates, and the offline form,
 * which the browser can put together again.
 */
export function createPagePieces(parts: PagePiecesParts): PagePieces {
  const { portal, formIn, recipients, portalSalt, client } = parts;
  const { armored, fingerprints } = parts.keys;
  const keys = cutText(armored);
  const scripts = scriptsFor(client, recipients);
  const joined = (parts: readonly ClientScript[]) => parts.map(({ contents }) => contents.toString()).join("");
  const offlineScripts = {
    client: joined([...scripts.client, ...scripts.later]),
    parts: joined(scripts.parts),
    worker: scripts.worker.contents.toString(),
    older: joined(scripts.older),
    ways: scripts.ways.contents.toString(),
  };
  const languages = new Map(
    portal.languages.map((texts) => {
      const words = cutText(clientWords(portal, texts));
      const drafts = cutText(draftWords(portal, texts));
      const wordsWhole = textInOne(clientWords(portal, texts));
      const forward = cutText(forwardWords(texts));
      const forwardWhole = textInOne(forwardWords(texts));
      const documents = cutText(documentWords(texts));
      const { page, frame } = renderOfflinePage({
        portal,
        texts,
        form: formIn(texts),
        fingerprints,
        certificates: recipients.all.map(({ fingerprint }) => fingerprint),
        portalSalt,
        keys: armored,
        style: portal.styles.all.contents.toString(),
        scripts: offlineScripts,
      });
      const offlineFrame = cutText(frame);
      const sha256 = createHash("sha256").update(page).digest("hex");
      const offline = cutText(JSON.stringify({ frame: offlineFrame.digests, sha256 }));
      const named = {
        words: words.digests,
        drafts: drafts.digests,
        wordsWhole: wordsWhole.digest,
        keys: keys.digests,
        documents: documents.digests,
        offline: offline.digests,
      };
      const pieces = [
        ...words.pieces,
        wordsWhole,
        ...forward.pieces,
        forwardWhole,
        ...documents.pieces,
        ...drafts.pieces,
        ...offlineFrame.pieces,
        ...offline.pieces,
      ];
      const forwarding = { forwardWords: forward.digests, forwardWordsWhole: forwardWhole.digest };
      return [texts, { pieces, named, ...forwarding, offlineForm: page }] as const;
    }),
  );
  return {
    of: (texts) => {
      const found = languages.get(texts);
      if (found === undefined) throw new Error(`there are no pieces in ${texts.language}`);
      return found;
    },
    all: [...keys.pieces, ...[...languages.values()].flatMap(({ pieces }) => pieces)],
  };
}
