import { defaultForm, type Form, type OwnForm, ownForm } from "../form/index.js";
import type { OperatorLog } from "../http/index.js";
import { loadTexts, type Texts } from "../locales/index.js";
import {
  Capacity,
  GATE_LIMITS,
  Gate,
  type GateLimits,
  KnownRelays,
  ProofsOfWork,
  ProxyProtocol,
  Visitors,
} from "./admission/index.js";
import type { ServerConfig } from "./config.js";
import type { PageRefusal } from "./http/index.js";
import { Incidents } from "./incidents.js";
import { ProgressBoard, SentLetters } from "./intake/index.js";
import { CodeStock, ReplyAddresses } from "./mailbox/index.js";
import type { Portal } from "./pages/layout.js";
import { refusalPages } from "./pages/refusal-page.js";
import { PublishedKeys } from "./published-keys.js";
import { KeyClock, type Recipients } from "./recipients/index.js";
import { Shutdown } from "./shutdown.js";
import {
  type ClientBuild,
  type ClientScript,
  createPagePieces,
  loadClientBuild,
  loadEarlierScripts,
  loadStyles,
  type PagePieces,
  type WellKnown,
} from "./site/index.js";
import type { UploadStore } from "./upload-store.js";

export interface ServerParts {
  readonly config: ServerConfig;
  readonly store: UploadStore;
  /** 16 bytes that belong to the store's mailboxes. */
  readonly portalSalt: Uint8Array;
  readonly recipients: Recipients;
  readonly log: OperatorLog;
  /** The operator's questions, in all languages; the default ones unless given. */
  readonly form?: OwnForm | null;
  /** The languages to speak, by tag; those of this project unless given. */
  readonly texts?: ReadonlyMap<string, Texts>;
  readonly shutdown?: Shutdown;
  readonly incidents?: Incidents;
  /**
   * Shared by all processes of one portal, so that each accepts challenges of the others; null for a single process.
   */
  readonly secret?: Uint8Array | null;
  /** Admission limits; for tests. */
  readonly limits?: GateLimits;
  /** The signed manifest and what goes with it, by path: first for the clear net, then for the onion service. */
  readonly wellKnown?: readonly [clear: WellKnown, onion: WellKnown];
  /** How many receipt codes to make ahead; for tests. */
  readonly codesAhead?: number;
  /** A folder with scripts of earlier builds; the one beside this build unless given. */
  readonly earlierScripts?: URL;
  /** The day of the newest submission in the store, as YYYY-MM-DD; null if there is none. */
  readonly newestDay?: string | null;
  /** For tests that need another day. */
  readonly now?: () => Date;
}

/** What the routes share. */
export interface Context extends Pick<ServerParts, "config" | "store" | "portalSalt" | "recipients" | "log"> {
  readonly limits: GateLimits;
  readonly wellKnown: NonNullable<ServerParts["wellKnown"]> | null;
  readonly now: () => Date;
  /** What keys are chosen by. */
  readonly keyClock: KeyClock;
  readonly shutdown: Shutdown;
  readonly incidents: Incidents;
  readonly proxies: ProxyProtocol;
  readonly gate: Gate;
  readonly proofs: ProofsOfWork;
  readonly capacity: Capacity;
  readonly progress: ProgressBoard;
  readonly sentLetters: SentLetters;
  readonly addresses: ReplyAddresses;
  readonly codes: CodeStock;
  readonly client: ClientBuild;
  /** Scripts of earlier builds, for pages that were opened before an upgrade. */
  readonly earlier: readonly ClientScript[];
  /** What the client loads in pieces besides its scripts. */
  readonly pieces: () => PagePieces;
  readonly published: PublishedKeys;
  /** What every page needs. Pages that answer one person lead to no other address, so it names no onion service. */
  readonly portal: Portal;
  /** A page that says why nothing is taken or given, with nothing of the request in it. */
  readonly refusalPage: (texts: Texts, code: PageRefusal) => string;
  /** The questions in a language. */
  readonly formIn: (texts: Texts) => Form;
}

export function createContext(parts: ServerParts): Context {
  const { config, store, portalSalt, recipients, log, wellKnown = null, shutdown = new Shutdown() } = parts;
  const { form = null, texts = loadTexts(), secret = null, limits = GATE_LIMITS, now = () => new Date() } = parts;
  const { incidents = new Incidents(log) } = parts;
  const languages = [...texts.values()];
  if (languages.length === 0) throw new Error("there is no language to speak");
  const forms = new Map(
    languages.map((each) => [each, form === null ? defaultForm(each.say) : ownForm(form, each.language, each.say)]),
  );
  const proxies = new ProxyProtocol();
  const portal: Portal = { languages, ...config, onion: null, styles: loadStyles() };
  const client = loadClientBuild();
  const formIn = (spoken: Texts) => {
    const found = forms.get(spoken);
    if (found === undefined) throw new Error(`there is no form in ${spoken.language}`);
    return found;
  };
  const relays = new KnownRelays(config.relaySecrets);
  const gate = new Gate(new Visitors(proxies, now, relays), limits);
  const addresses = new ReplyAddresses(portalSalt);
  const keyClock = new KeyClock(now, parts.newestDay);
  const published = new PublishedKeys(recipients, keyClock.now);
  return {
    ...{ config, store, portalSalt, recipients, log, limits, wellKnown, now, keyClock, shutdown, incidents, proxies },
    gate,
    proofs: new ProofsOfWork(secret),
    capacity: new Capacity(store, config),
    progress: new ProgressBoard(),
    sentLetters: new SentLetters(),
    addresses,
    codes: new CodeStock(portalSalt, () => gate.letters.size + addresses.size > 0, parts.codesAhead),
    client,
    earlier: loadEarlierScripts(parts.earlierScripts),
    published,
    pieces: published.derive((keys) => createPagePieces({ portal, formIn, recipients, keys, portalSalt, client })),
    portal,
    refusalPage: refusalPages(portal),
    formIn,
  };
}
