import { toHex } from "../../core/index.js";
import type { Form } from "../../form/index.js";
import type { Texts } from "../../locales/index.js";
import type { ClientScript } from "../site/index.js";
import type { Portal } from "./layout.js";

/** Messages that any client says; those with a place for something get it in braces. */
const WORDS = [
  "code-fault-empty",
  "code-fault-mistyped",
  "code-fault-not_digits",
  "code-fault-too_long",
  "code-fault-too_short",
  "receipt-code",
  "receipt-code-copied",
  "receipt-code-copy",
  "receipt-code-keep",
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
  "client-fault-insecure",
  "client-fault-internal",
  "client-fault-key_expired",
  "client-fault-keys_changed",
  "client-fault-self_test",
  "client-fault-too_large",
  "client-fault-too_old",
  "client-folder-empty",
  "client-folder-reading",
  "client-folder-too-many",
  "client-folder-unreadable",
  "client-keep-open",
  "client-left-minute",
  "client-left-minutes",
  "client-pause",
  "client-phase-cancelling",
  "client-phase-paused",
  "client-phase-preparing",
  "client-preparing",
  "client-receipt-documents",
  "client-remove",
  "client-resume",
  "client-too-large",
  "client-too-many",
  "client-try-again",
  "client-unready",
];
/** Those of the client that sends. */
const SENDING = [
  "frame-form",
  "receipt-another",
  "receipt-device",
  "receipt-lead",
  "receipt-next",
  "receipt-title",
  "replies-again",
  "replies-delete",
  "replies-deleted",
  "replies-looking",
  "replies-more-title",
  "replies-none",
  "replies-reply",
  "replies-save",
  "replies-title",
  "replies-unreachable",
  "replies-unreadable",
  "client-fault-blocked",
  "client-fault-digest_mismatch",
  "client-fault-keys_unreachable",
  "client-fault-no_space",
  "client-fault-no_portal",
  "client-fault-refused",
  "client-offline",
  "client-offline-means",
  "client-on-server",
  "client-on-server-means",
  "client-phase-busy",
  "client-phase-proving",
  "client-phase-sending",
  "client-phase-storing",
  "client-phase-waiting",
  "client-ready",
  "client-sending-title",
];
/** Those of the client that makes a file. */
const OFFLINE = [
  "offline-encrypting",
  "offline-encrypting-title",
  "offline-ready",
  "offline-save",
  "offline-saved-device",
  "offline-saved-lead",
  "offline-saved-next",
  "offline-saved-title",
];
const SIZES = ["size-bytes", "size-kib", "size-mib", "size-gib"];
const PLACES = ["count", "day", "done", "files", "limit", "minutes", "name", "size", "total"];

export interface ClientSettingsProps {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  readonly fingerprints: readonly string[];
  readonly portalSalt: Uint8Array;
  /** Path of the worker's script, for the client that sends; the armored certificates, for the one that does not. */
  readonly parts: { readonly worker: string } | { readonly keys: string };
}

/** The scripts of a page that encrypts. */
export interface ClientScripts {
  readonly main: ClientScript;
  readonly worker: ClientScript;
}

/** Loads the client once the page is there. */
export function ClientHead({ scripts: { main } }: { readonly scripts: ClientScripts }) {
  return <script src={main.path} integrity={main.integrity} crossorigin="anonymous" type="module" />;
}

/** What the client needs to know, in an attribute: a page without inline scripts. Read by `src/client/settings.ts`. */
export function ClientSettings({ portal, texts, form, fingerprints, portalSalt, parts }: ClientSettingsProps) {
  const places = Object.fromEntries(PLACES.map((name) => [name, `{${name}}`]));
  const zero = new Intl.NumberFormat(texts.language).format(0);
  // Fluent forms a size's number itself; the client puts its own in that place.
  const sizes = SIZES.map((id) => [id, texts.say(id, { count: 0 }).replace(zero, "{count}")] as const);
  const said = [...WORDS, ...("worker" in parts ? SENDING : OFFLINE)];
  const settings = {
    language: texts.language,
    form,
    maxSubmission: portal.maxSubmission,
    maxFiles: portal.maxFiles,
    fingerprints,
    portalSalt: toHex(portalSalt),
    worker: "",
    keys: "",
    ...parts,
    words: Object.fromEntries([...sizes, ...said.map((id) => [id, texts.say(id, places)] as const)]),
  };
  return <div id="portal" hidden data-settings={JSON.stringify(settings)} />;
}
