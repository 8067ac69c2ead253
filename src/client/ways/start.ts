import type { SettingsWays } from "../settings.js";
import { fetchFirst } from "./fetch-first.js";
import { ManyWays } from "./many-ways.js";
import { PortalQuestions } from "./portal-questions.js";
import { SealedMailbox } from "./sealed-mailbox.js";

// What the worker of an offline form that sends runs first. No other page has it.

declare global {
  /** Written before this script by src/client/offline.ts. */
  var posternWays: SettingsWays | undefined;
}

if (globalThis.posternWays !== undefined) start(globalThis.posternWays);

function start({ addresses, key, mailboxKey }: SettingsWays): void {
  const letters = new ManyWays({ addresses, key });
  globalThis.posternFetch = letters.fetch;
  if (mailboxKey === null) return;
  const mailbox = new SealedMailbox(new PortalQuestions({ addresses, mailboxKey }));
  fetchFirst(mailbox);
  globalThis.posternFetch = async (url, init) => mailbox.answer(url, init) ?? letters.fetch(url, init);
}
