import { z } from "zod";
import { fromHex, jsonOrNull, toHex } from "../core/index.js";
import type { Ways } from "../server/index.js";
import { quoted } from "./excerpt.js";
import type { PortalInputs } from "./local-portal.js";
import type { Report } from "./report.js";
import type { StatedWays } from "./ways-differences.js";

/** The inputs that the watchdog knows; it reads those that are null from the portal's front page. */
export interface KnownInputs extends Pick<PortalInputs, "recipients" | "texts" | "form" | "about"> {
  readonly organisation: string | null;
  readonly onion: string | null;
  readonly addresses: string | null;
  readonly answerDays: number | null;
  readonly retentionDays: number | null;
  readonly draftDays: number | null;
  readonly ways: Ways | null;
  readonly portalSalt: Uint8Array | null;
  /** Bytes. */
  readonly maxSubmission: number;
  readonly maxFiles: number;
}

/** The inputs that a portal's front page states. */
export interface PageSettings {
  readonly portalSalt: Uint8Array;
  /** Bytes. */
  readonly maxSubmission: number;
  readonly maxFiles: number;
  readonly organisation: string | null;
  readonly onion: string | null;
  readonly addresses: string | null;
  readonly answerDays: number | null;
  readonly retentionDays: number | null;
  readonly draftDays: number | null;
}

const days = z.number().int().positive().nullable();
const settings = z.object({
  portalSalt: z.string().regex(/^[0-9a-f]{32}$/),
  maxSubmission: z.number().int().positive(),
  maxFiles: z.number().int().positive(),
  answerDays: days,
  retentionDays: days,
  draftDays: days,
  addresses: z.string().max(300).nullable(),
});
const spki = z.string().regex(/^[A-Za-z0-9+/]{1,200}={0,2}$/);
const offlineSettings = z.object({
  ways: z.object({
    addresses: z
      .array(z.string().regex(/^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/))
      .min(1)
      .max(16),
    key: spki,
    mailboxKey: spki.nullable(),
  }),
});
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const MAX_ORGANISATION_CHARACTERS = 200;
const NO_SALT = new Uint8Array(16);

/**
 * Reads the settings from a front page; null if the page does not state them as a portal does. A hostile page can
 * smuggle in only these values: a page built from them must equal the portal's byte for byte.
 */
export function readPageSettings(page: string): PageSettings | null {
  const read = settings.safeParse(settingsIn(page));
  if (!read.success) return null;
  const organisation = unescapeHtml(/<p class="organisation">([^<]*)<\/p>/.exec(page)?.[1] ?? "");
  const onion = /<a href="http:\/\/([a-z2-7]{56}\.onion)\/[a-z]{2,3}\/">/.exec(page)?.[1] ?? null;
  const plausible = organisation !== "" && organisation.length <= MAX_ORGANISATION_CHARACTERS;
  return {
    ...read.data,
    portalSalt: fromHex(read.data.portalSalt),
    organisation: plausible ? organisation : null,
    onion,
  };
}

/** How an offline form says that it may send, for a page built from it to be compared; null where it does not. */
export function readWays(offlineForm: string): Ways | null {
  const read = offlineSettings.safeParse(settingsIn(offlineForm));
  if (!read.success) return null;
  const { addresses, key, mailboxKey } = read.data.ways;
  return {
    addresses,
    key: { spki: key, sign: null },
    mailboxKey: mailboxKey === null ? null : { spki: mailboxKey, open: null },
  };
}

/** The same in the words of a manifest. */
export function statedWays(ways: Ways | null): StatedWays {
  if (ways === null) return null;
  return { addresses: [...ways.addresses], key: ways.key.spki, mailboxKey: ways.mailboxKey?.spki ?? null };
}

function settingsIn(page: string): unknown {
  const attribute = /<div id="portal" hidden data-settings="([^"]*)"/.exec(page)?.[1];
  return jsonOrNull(unescapeHtml(attribute ?? ""));
}

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_whole, name: string) => ENTITIES[name] ?? "");
}

/** Completes the known inputs with those of the page and of the offline form, and reports each that it takes over. */
export function takeOver(
  known: KnownInputs,
  page: PageSettings | null,
  ways: Ways | null,
  report: Report,
): PortalInputs {
  const { recipients, texts, form, about } = known;
  if (known.portalSalt === null && page !== null) report.takeOver(`portal salt ${toHex(page.portalSalt)}`);
  if (known.organisation === null && page?.organisation) report.takeOver(`organisation ${quoted(page.organisation)}`);
  if (known.onion === null && page?.onion) report.takeOver(`onion service ${page.onion}`);
  if (known.addresses === null && page?.addresses) report.takeOver(`published addresses ${quoted(page.addresses)}`);
  if (known.answerDays === null && page?.answerDays) report.takeOver(`answers within ${page.answerDays} days`);
  if (known.retentionDays === null && page?.retentionDays) report.takeOver(`answers kept ${page.retentionDays} days`);
  if (known.draftDays === null && page?.draftDays) report.takeOver(`drafts kept ${page.draftDays} days`);
  if (known.ways === null && ways !== null) {
    const mailbox = ways.mailboxKey === null ? "" : `, mailbox key ${ways.mailboxKey.spki}`;
    report.takeOver(
      `an offline form that sends to ${ways.addresses.join(", ")}, receipt key ${ways.key.spki}${mailbox}`,
    );
  }
  for (const limit of ["maxSubmission", "maxFiles"] as const) {
    const unit = limit === "maxFiles" ? "documents" : "bytes in one submission";
    if (page !== null && page[limit] !== known[limit]) report.takeOver(`at most ${page[limit]} ${unit}`);
  }
  return {
    recipients,
    texts,
    form,
    about,
    addresses: known.addresses ?? page?.addresses ?? null,
    answerDays: known.answerDays ?? page?.answerDays ?? null,
    retentionDays: known.retentionDays ?? page?.retentionDays ?? null,
    draftDays: known.draftDays ?? page?.draftDays ?? null,
    ways: known.ways ?? ways,
    portalSalt: known.portalSalt ?? page?.portalSalt ?? NO_SALT,
    organisation: known.organisation ?? page?.organisation ?? null,
    onion: known.onion ?? page?.onion ?? null,
    maxSubmission: page?.maxSubmission ?? known.maxSubmission,
    maxFiles: page?.maxFiles ?? known.maxFiles,
  };
}
