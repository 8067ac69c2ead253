import type { Form } from "../../form/index.js";
import type { Texts } from "../../locales/index.js";
import type { Portal } from "./layout.js";

/** Messages that the client says; those with a place for something get it in braces. */
const WORDS = [
  "frame-form",
  "letter-documents",
  "letter-heading",
  "progress-bar",
  "receipt-another",
  "receipt-device",
  "receipt-lead",
  "receipt-next",
  "receipt-title",
  "fault-nothing_written-cure",
  "fault-text_too_long-cure",
  "fault-bad_request-cure",
  "client-amount",
  "client-camera",
  "client-cancel",
  "client-cancelled",
  "client-fault-digest_mismatch",
  "client-fault-file_unreadable",
  "client-fault-internal",
  "client-fault-key_expired",
  "client-fault-keys_changed",
  "client-fault-keys_unreachable",
  "client-fault-no_space",
  "client-fault-refused",
  "client-fault-self_test",
  "client-fault-too_large",
  "client-fault-too_old",
  "client-keep-open",
  "client-left-minute",
  "client-left-minutes",
  "client-on-server",
  "client-on-server-means",
  "client-pause",
  "client-phase-paused",
  "client-phase-preparing",
  "client-phase-sending",
  "client-phase-storing",
  "client-phase-waiting",
  "client-preparing",
  "client-ready",
  "client-receipt-documents",
  "client-remove",
  "client-resume",
  "client-sending-title",
  "client-too-large",
  "client-too-many",
  "client-try-again",
  "client-unready",
];
const SIZES = ["size-bytes", "size-kib", "size-mib", "size-gib"];
const PLACES = ["count", "done", "files", "minutes", "size", "total"];

export interface ClientSettingsProps {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  /** Path of the worker's script. */
  readonly worker: string;
  readonly fingerprints: readonly string[];
}

/** What the client needs to know, in an attribute: a page without inline scripts. Read by `src/browser/settings.ts`. */
export function ClientSettings({ portal, texts, form, worker, fingerprints }: ClientSettingsProps) {
  const places = Object.fromEntries(PLACES.map((name) => [name, `{${name}}`]));
  const questions = form.questions.map(({ id }) => `question-${id}`).filter((id) => id !== "question-documents");
  const zero = new Intl.NumberFormat(texts.language).format(0);
  // Fluent forms a size's number itself; the client puts its own in that place.
  const sizes = SIZES.map((id) => [id, texts.say(id, { count: 0 }).replace(zero, "{count}")] as const);
  const words = [...WORDS, ...questions].map((id) => [id, texts.say(id, places)] as const);
  const settings = {
    language: texts.language,
    form,
    maxSubmission: portal.maxSubmission,
    maxFiles: portal.maxFiles,
    fingerprints,
    worker,
    words: Object.fromEntries([...sizes, ...words]),
  };
  return <div id="portal" hidden data-settings={JSON.stringify(settings)} />;
}
