import { toHex } from "../../core/index.js";
import type { Form } from "../../form/index.js";
import type { Texts } from "../../locales/index.js";
import { FILE_FAULTS } from "../../openpgp/index.js";
import type { Ways } from "../config.js";
import type { ClientScripts, LanguagePieces } from "../site/index.js";
import type { Portal } from "./layout.js";
import { answerTimes, waitingTime } from "./operator-words.js";

/** What the page says itself: while its client is loaded, and where that fails. */
const LOADING = [
  "client-fault-insecure",
  "client-fault-script_changed",
  "client-fault-too_old",
  "client-on-server",
  "client-on-server-means",
  "client-preparing",
  "client-preparing-parts",
  "client-try-again",
  "client-unready",
  "narrow-note",
  "narrow-title",
  "narrow-waiting",
  "narrow-1",
  "narrow-2",
  "narrow-3",
  "narrow-4",
  "narrow-5",
];
/** Messages that any client says besides; those with a place for something get it in braces. */
const WORDS = [
  "code-fault-empty",
  "code-fault-mistyped",
  "code-fault-not_digits",
  "code-fault-telephone",
  "code-fault-too_long",
  "code-fault-too_short",
  "draft-resume",
  "draft-stop",
  "receipt-code",
  "receipt-code-copied",
  "receipt-code-copy",
  "receipt-code-about",
  "receipt-code-keep",
  "receipt-code-means",
  "receipt-code-print",
  "receipt-code-title",
  "receipt-follow-up",
  "letter-documents",
  "letter-heading",
  "progress-bar",
  "fault-bad_request-cure",
  "fault-not_a_date-field",
  "fault-required-field",
  "fault-text_too_long-field",
  "client-amount",
  "client-camera",
  "client-cancel",
  "client-cancelled",
  "client-cancelled-later",
  "client-choose",
  "client-fault-clock",
  "client-fault-file_unreadable",
  "client-fault-go_between",
  "client-fault-internal",
  "client-fault-key_expired",
  "client-fault-keys_changed",
  "client-fault-self_test",
  "client-fault-too_large",
  "client-documents-plain",
  "client-folder-reading",
  "client-keep-open",
  "client-left-minute",
  "client-left-minutes",
  "client-pause",
  "client-phase-cancelling",
  "client-phase-paused",
  "client-phase-preparing",
  "client-remove",
  "client-resume",
  "client-save",
  "client-save-means",
  "client-too-large",
  "client-too-many",
];
/** Those of the client that sends. */
const SENDING = [
  "impostors",
  "footer-replies",
  "frame-form",
  "receipt-another",
  "receipt-device",
  "receipt-lead",
  "receipt-next",
  "receipt-next-title",
  "receipt-opened",
  "receipt-title",
  "client-fault-blocked",
  "client-fault-digest_mismatch",
  "client-fault-keys_unreachable",
  "client-fault-no_space",
  "client-fault-no_portal",
  "client-fault-refused",
  "client-offline",
  "client-offline-means",
  "client-keep",
  "client-keep-failed",
  "client-keep-means",
  "client-keep-ready",
  "client-phase-busy",
  "client-phase-narrow",
  "client-phase-proving",
  "client-phase-sending",
  "client-phase-storing",
  "client-phase-waiting",
  "client-ready",
  "client-sending-title",
];
/** Those of drafts, which are loaded only once somebody asks for one. */
const DRAFTS = [
  "draft-back",
  "draft-delete",
  "draft-deleted",
  "draft-device",
  "draft-documents",
  "draft-fault-damaged",
  "draft-fault-failed",
  "draft-fault-no_space",
  "draft-fault-none",
  "draft-fault-too_large",
  "draft-fault-unreachable",
  "draft-fault-wrong",
  "draft-files-again",
  "draft-in-file",
  "draft-in-file-means",
  "draft-keeping",
  "draft-kept",
  "draft-kept-file",
  "draft-kept-site",
  "draft-lead",
  "draft-left-over",
  "draft-not-sent",
  "draft-number",
  "draft-number-help",
  "draft-number-keep",
  "draft-on-site",
  "draft-on-site-means",
  "draft-open-file",
  "draft-open-site",
  "draft-opened",
  "draft-opening",
  "draft-risk",
  "draft-stays",
];
/** Those that are needed once a document is chosen. */
const CHOSEN_DOCUMENTS = [
  "documents-all",
  "documents-double",
  "documents-empty",
  "documents-fewer",
  "documents-folder-empty",
  "documents-folder-too-many",
  "documents-folder-unreadable",
  "documents-found",
  "documents-impossible",
  "documents-impossible-some",
  "documents-inside",
  "documents-other",
  "documents-outside",
  "documents-place",
  "documents-reading",
  "documents-removed",
  "documents-take-out",
  "documents-take-out-means",
  "documents-total",
  "documents-undo",
  "documents-unknown",
  "documents-unreadable",
  "documents-unreadable-some",
  "quoted",
];
/** Said where a letter becomes a file. */
const SAVING = [
  "offline-encrypting",
  "offline-encrypting-title",
  "offline-save",
  "offline-saved-device",
  "offline-saved-lead",
  "offline-saved-next",
  "offline-saved-title",
  "offline-saved-until",
];
/** Said besides where the offline form sends. */
const RELAYED = [
  ...["impostors", "receipt-lead", "receipt-next-title", "receipt-opened", "receipt-title"],
  ...["client-phase-busy", "client-phase-narrow", "client-phase-proving", "client-phase-sending"],
  ...["client-phase-storing", "client-phase-waiting", "client-sending-title"],
  ...["footer-replies", "receipt-another"],
  ...["relay-ready", "relay-save-means", "relay-unsent"],
];
/** What it says in place of what speaks of the page of a site. */
const INSTEAD_RELAYED: Readonly<Record<string, string>> = {
  "receipt-next": "relay-next",
  "receipt-device": "relay-device",
};
/** The same where it reads replies. */
const INSTEAD_RELAYED_REPLIES: Readonly<Record<string, string>> = {
  "receipt-next": "relay-replies-next",
  "replies-again": "relay-replies-again",
  "replies-looking": "relay-replies-looking",
  "replies-unreachable": "relay-replies-unreachable",
};
/** Amounts with each form that a language has for "documents". */
const DOCUMENTS = [0, 1, 2, 5];
/** Those of the client that forwards a file which is encrypted already. */
const FORWARDING = [
  "encrypted-blocked",
  "encrypted-kept-here",
  "encrypted-number",
  "encrypted-outside",
  "encrypted-refused",
  "encrypted-secret-here",
  "encrypted-sending",
  "encrypted-stored",
  "encrypted-unreadable",
  "fault-nothing-kept",
  "progress-bar",
  "receipt-device",
  "receipt-title",
  "client-amount",
  "client-cancel",
  "client-fault-digest_mismatch",
  "client-fault-key_expired",
  "client-keep-open",
  "client-left-minute",
  "client-left-minutes",
  "client-pause",
  "client-phase-busy",
  "client-phase-cancelling",
  "client-phase-narrow",
  "client-phase-paused",
  "client-phase-preparing",
  "client-phase-proving",
  "client-phase-storing",
  "client-phase-waiting",
  "client-resume",
  "client-sending-title",
];
/** Why that client refuses a file; of a secret key it has words of its own. The server has a few more reasons. */
const FORWARD_FAULTS = [
  ...FILE_FAULTS.filter((fault) => fault !== "secret_key"),
  "too_large",
  "no_space",
  "cannot_store",
];
/** What that page says in place of what speaks of encrypting a letter. */
const INSTEAD: Readonly<Record<string, string>> = {
  "client-cancelled": "encrypted-cancelled",
  "client-cancelled-later": "encrypted-cancelled-later",
};
const INSTEAD_LOADING: Readonly<Record<string, string>> = {
  "client-fault-too_old": "encrypted-unloaded",
  "client-on-server": "encrypted-in-one",
  "client-on-server-means": "encrypted-in-one-means",
  "client-preparing": "encrypted-preparing",
  "client-preparing-parts": "encrypted-preparing-parts",
  "client-unready": "encrypted-unready",
};
/** What the page for replies says while its client is loaded: there is nothing to write. */
const INSTEAD_REPLIES: Readonly<Record<string, string>> = {
  "client-fault-too_old": "encrypted-unloaded",
  "client-preparing": "replies-preparing",
  "client-preparing-parts": "replies-preparing-parts",
};
/** What it says besides. */
const REPLIES = [
  "replies-again",
  "replies-delete",
  "replies-deleted",
  "replies-looking",
  "replies-more-title",
  "replies-none",
  "replies-opened",
  "replies-plain",
  "replies-reply",
  "replies-save",
  "replies-server",
  "replies-there",
  "replies-unready",
  "replies-unopened",
  "replies-unreachable",
  "replies-unreadable",
];
const SIZES = ["size-bytes", "size-kib", "size-mib", "size-gib"];
const PLACES = ["count", "day", "done", "files", "limit", "minutes", "name", "place", "size", "text", "total"];

export interface ClientSettingsProps {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  readonly fingerprints: readonly string[];
  readonly portalSalt: Uint8Array;
  /** Whether the page asks for a receipt code first. */
  readonly forReplies?: boolean;
  /** What the client that sends loads; the armored certificates, for the one that does not. */
  readonly parts: { readonly pieces: NamedPieces } | { readonly keys: string };
}

/** What a client loads in pieces: digests, in hex. */
export type NamedPieces = LanguagePieces["named"];

/** The scripts that a page names. */
export type PageScripts = Pick<ClientScripts, "main">;

/** Loads the client once the page is there. */
export function ClientScript({ scripts: { main } }: { readonly scripts: PageScripts }) {
  return <script src={main.path} integrity={main.integrity} crossorigin="anonymous" type="module" />;
}

/** What the client needs to know, in an attribute: a page without inline scripts. Read by `src/client/settings.ts`. */
export function ClientSettings(props: ClientSettingsProps) {
  const { portal, texts, form, fingerprints, portalSalt, forReplies = false, parts } = props;
  const { ways } = portal;
  const settings = {
    language: texts.language,
    form,
    maxSubmission: portal.maxSubmission,
    maxFiles: portal.maxFiles,
    // For `postern verify`, which renders the same pages.
    answerDays: portal.answerDays,
    retentionDays: portal.retentionDays,
    draftDays: portal.draftDays,
    addresses: portal.addresses,
    fingerprints,
    portalSalt: toHex(portalSalt),
    keys: "",
    pieces: null,
    ...parts,
    ...("keys" in parts && ways !== null ? { ways: waysOf(ways) } : {}),
    words:
      "pieces" in parts
        ? {
            ...said(texts, LOADING),
            ...(forReplies ? repliesWords(portal, texts) : {}),
          }
        : {
            ...amountsOf(texts),
            "answer-times": answerTimes(portal, texts),
            ...said(texts, [
              ...LOADING,
              ...WORDS,
              ...SAVING,
              ...DRAFTS,
              ...CHOSEN_DOCUMENTS,
              "offline-ready",
              "offline-until",
            ]),
            ...(ways === null ? {} : { ...said(texts, RELAYED), ...saidInstead(texts, INSTEAD_RELAYED) }),
            ...((ways?.mailboxKey ?? null) === null ? {} : relayedReplies(portal, texts)),
          },
  };
  return <div id="portal" hidden data-settings={JSON.stringify(settings)} />;
}

function waysOf({ addresses, key, mailboxKey }: Ways) {
  return { addresses, key: key.spki, mailboxKey: mailboxKey?.spki ?? null };
}

export interface ForwardSettingsProps {
  readonly texts: Texts;
  /** Bytes of the largest message. */
  readonly maxMessage: number;
  /** Digests of the pieces that its words come in, and of all in one. */
  readonly words: readonly string[];
  readonly wordsWhole: string;
}

/** The same for the client that forwards a file which is encrypted already. */
export function ForwardSettings({ texts, maxMessage, words, wordsWhole }: ForwardSettingsProps) {
  const settings = {
    language: texts.language,
    maxSubmission: maxMessage,
    pieces: { words, wordsWhole, keys: [], documents: [], drafts: [], offline: [] },
    words: { ...said(texts, LOADING), ...saidInstead(texts, INSTEAD_LOADING) },
  };
  return <div id="portal" hidden data-settings={JSON.stringify(settings)} />;
}

/** JSON: the words of that client, without those that the page holds. */
export function forwardWords(texts: Texts): string {
  const faults = FORWARD_FAULTS.map((fault) => `encrypted-fault-${fault}`);
  const words = { ...said(texts, [...FORWARDING, ...faults]), ...saidInstead(texts, INSTEAD) };
  return JSON.stringify({ ...sizesOf(texts), ...words });
}

function saidInstead(texts: Texts, instead: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const ids = Object.values(instead);
  const words = said(texts, ids);
  return Object.fromEntries(Object.entries(instead).map(([id, other]) => [id, words[other] ?? ""]));
}

/** JSON: the words of the client that sends, without those that the page holds. */
export function clientWords(portal: Portal, texts: Texts): string {
  return JSON.stringify({
    ...amountsOf(texts),
    "answer-times": answerTimes(portal, texts),
    ...said(texts, [...WORDS, ...SENDING, ...SAVING]),
  });
}

/** JSON: the words of drafts. */
export function draftWords({ draftDays: days }: Pick<Portal, "draftDays">, texts: Texts): string {
  const kept = days === null ? {} : { "draft-days": texts.say("draft-days", { days }) };
  return JSON.stringify({ ...said(texts, DRAFTS), ...kept });
}

/** JSON: the words that are needed once a document is chosen. */
export function documentWords(texts: Texts): string {
  return JSON.stringify(said(texts, CHOSEN_DOCUMENTS));
}

function said(texts: Texts, ids: readonly string[]): Readonly<Record<string, string>> {
  const places = Object.fromEntries(PLACES.map((name) => [name, `{${name}}`]));
  return Object.fromEntries(ids.map((id) => [id, texts.say(id, places)]));
}

function repliesWords(portal: Portal, texts: Texts): Readonly<Record<string, string>> {
  const words = { ...said(texts, REPLIES), ...saidInstead(texts, INSTEAD_REPLIES) };
  return { ...words, "waiting-time": waitingTime(portal, texts) };
}

function relayedReplies(portal: Portal, texts: Texts): Readonly<Record<string, string>> {
  const words = { ...said(texts, REPLIES), ...saidInstead(texts, INSTEAD_RELAYED_REPLIES) };
  return { ...words, "waiting-time": waitingTime(portal, texts) };
}

function amountsOf(texts: Texts): Readonly<Record<string, string>> {
  const forms = new Intl.PluralRules(texts.language);
  const documents = DOCUMENTS.map((count) => {
    const form = count === 0 ? "none" : forms.select(count);
    return [`receipt-documents-${form}`, saidOf(texts, "receipt-documents", count)];
  });
  return { ...Object.fromEntries(documents), ...sizesOf(texts) };
}

function sizesOf(texts: Texts): Readonly<Record<string, string>> {
  return Object.fromEntries(SIZES.map((id) => [id, saidOf(texts, id, 0)]));
}

/** Fluent forms an amount's number itself; the client puts its own in that place. */
function saidOf(texts: Texts, id: string, count: number): string {
  return texts.say(id, { count }).replace(new Intl.NumberFormat(texts.language).format(count), "{count}");
}
