import type { Texts } from "../../locales/index.js";
import type { Portal } from "./layout.js";

/** How soon an answer comes and how long it waits, as far as the operator has said. */
export function answerTimes(portal: Portal, texts: Texts): string {
  const { answerDays: days } = portal;
  const soon = days === null ? texts.say("answer-later") : texts.say("answer-soon", { days });
  return `${soon} ${waitingTime(portal, texts)}`;
}

/** How long an answer waits. */
export function waitingTime({ retentionDays: days }: Portal, texts: Texts): string {
  return days === null ? texts.say("answer-kept-always") : texts.say("answer-kept", { days });
}

/** Where the operator publishes the site's address besides; null where the operator has not said. */
export function publishedAt({ addresses }: Portal, texts: Texts): string | null {
  return addresses === null ? null : texts.say("address-published", { places: addresses });
}

/** What the operator says about the people behind the site; null where the operator has not. */
export function aboutUs({ about }: Portal, texts: Texts): string | null {
  return about?.[texts.language] ?? null;
}
