import { z } from "zod";
import { fromHex, toHex } from "../core/index.js";
import { quoted } from "./excerpt.js";
import type { PortalInputs } from "./local-portal.js";
import type { Report } from "./report.js";

/** What the watchdog knows; what is null it takes over from the page. */
export interface Known extends Pick<PortalInputs, "recipients" | "texts" | "form"> {
  readonly organisation: string | null;
  readonly onion: string | null;
  readonly portalSalt: Uint8Array | null;
  readonly maxSubmission: number;
  readonly maxFiles: number;
}

/** What a watchdog cannot know beforehand, and reads from the portal's own front page. */
export interface TakenOver {
  readonly portalSalt: Uint8Array;
  readonly maxSubmission: number;
  readonly maxFiles: number;
  readonly organisation: string | null;
  readonly onion: string | null;
}

const settings = z.object({
  portalSalt: z.string().regex(/^[0-9a-f]{32}$/),
  maxSubmission: z.number().int().positive(),
  maxFiles: z.number().int().positive(),
});
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const MOST_ORGANISATION = 200;
const NO_SALT = new Uint8Array(16);

/**
 * Reads what is to be taken over; null if the page does not say it in the way that a portal does. Whatever it says, a page made anew
 * from it has to come out exactly the same, so that nothing can come in by this but these values themselves.
 */
export function readTakenOver(page: string): TakenOver | null {
  const attribute = /<div id="portal" hidden data-settings="([^"]*)"/.exec(page)?.[1];
  const read = settings.safeParse(parse(unescaped(attribute ?? "")));
  if (!read.success) return null;
  const organisation = unescaped(/<p class="organisation">([^<]*)<\/p>/.exec(page)?.[1] ?? "");
  const onion = /<a href="http:\/\/([a-z2-7]{56}\.onion)\/[a-z]{2,3}\/">/.exec(page)?.[1] ?? null;
  return {
    ...read.data,
    portalSalt: fromHex(read.data.portalSalt),
    organisation: organisation === "" || organisation.length > MOST_ORGANISATION ? null : organisation,
    onion,
  };
}

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_whole, name: string) => ENTITIES[name] ?? "");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** All inputs: what is known, and for the rest what the page has said, each of which is reported. */
export function takeOver(known: Known, said: TakenOver | null, report: Report): PortalInputs {
  const { recipients, texts, form } = known;
  if (known.portalSalt === null && said !== null) report.takeOver(`portal salt ${toHex(said.portalSalt)}`);
  if (known.organisation === null && said?.organisation) report.takeOver(`organisation ${quoted(said.organisation)}`);
  if (known.onion === null && said?.onion) report.takeOver(`onion service ${said.onion}`);
  for (const limit of ["maxSubmission", "maxFiles"] as const) {
    const unit = limit === "maxFiles" ? "documents" : "bytes in one submission";
    if (said !== null && said[limit] !== known[limit]) report.takeOver(`at most ${said[limit]} ${unit}`);
  }
  return {
    recipients,
    texts,
    form,
    portalSalt: known.portalSalt ?? said?.portalSalt ?? NO_SALT,
    organisation: known.organisation ?? said?.organisation ?? null,
    onion: known.onion ?? said?.onion ?? null,
    maxSubmission: said?.maxSubmission ?? known.maxSubmission,
    maxFiles: said?.maxFiles ?? known.maxFiles,
  };
}
