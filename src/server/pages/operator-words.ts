import type { Texts } from "../../locales/index.js";
import type { Portal } from "./layout.js";

/** How soon an answer comes and how long it waits, as far as the operator has said. */
export function answerTimes({ answerDays, retentionDays }: Portal, texts: Texts): string {
  const soon = answerDays === null ? texts.say("answer-later") : texts.say("answer-soon", { days: answerDays });
  const kept =
    retentionDays === null ? texts.say("answer-kept-always") : texts.say("answer-kept", { days: retentionDays });
  return `${soon} ${kept}`;
}

/** Where the operator publishes the site's address besides; null where the operator has not said. */
export function publishedAt({ addresses }: Portal, texts: Texts): string | null {
  return addresses === null ? null : texts.say("address-published", { places: addresses });
}

/** What the operator says about the people behind the site; null where the operator has not. */
export function aboutUs({ about }: Portal, texts: Texts): string | null {
  return about?.[texts.language] ?? null;
}
