import { button, make } from "../dom/index.js";
import type { Boot } from "./boot.js";
import type { Client } from "./client.js";
import { textPieces } from "./loader/index.js";
import type { Command, Report } from "./messages.js";
import type { ClientSettings, Say } from "./settings.js";

// What stopping and going on have in common.

export interface DraftsParts {
  readonly settings: ClientSettings;
  readonly say: Say;
  readonly startWorker: () => Promise<Worker>;
  /** Null in the offline form. */
  readonly boot: Boot | null;
  readonly client: Client;
  /** Where it is shown. */
  readonly place: HTMLElement;
}

/** Adds the words that only drafts need. The offline form has them. */
export async function loadWords({ boot, settings }: DraftsParts): Promise<void> {
  if (boot !== null) boot.addWords(await (await boot.load(textPieces(settings.pieces?.drafts))).text());
}

/** This site, where it takes drafts. */
export function serverOf({ boot, settings }: DraftsParts): string | null {
  return boot === null || settings.draftDays === null ? null : new URL("/", location.href).href;
}

export function isNarrow({ boot }: DraftsParts): boolean {
  return boot?.isNarrow() ?? false;
}

let worker: Worker | null = null;

/** The worker that was asked last. */
export function presentWorker(): Worker | null {
  return worker;
}

export function show({ say, place }: DraftsParts, title: string, contents: readonly Node[]): void {
  const heading = make("h2", { tabindex: "-1" }, say(title));
  place.replaceChildren(
    heading,
    ...contents,
    make(
      "p",
      {},
      button(
        say("draft-back"),
        () => {
          worker?.terminate();
          place.replaceChildren();
        },
        "quiet back",
      ),
    ),
  );
  heading.focus();
}

export function fault(words: string): HTMLElement {
  return make("strong", { class: "fault" }, words);
}

/** What the worker answers; null where there is none, or it failed. It lives on for a draft that can be removed. */
export async function ask(
  parts: DraftsParts,
  state: HTMLElement,
  words: string,
  command: Command,
): Promise<Report | null> {
  const { place, say } = parts;
  const buttons = [...place.querySelectorAll<HTMLButtonElement>("button:not(.back)")];
  for (const each of buttons) each.disabled = true;
  state.replaceChildren(say(words));
  try {
    worker?.terminate();
    const started = await parts.startWorker();
    worker = started;
    return await new Promise((resolve) => {
      started.onerror = () => resolve(null);
      started.onmessage = ({ data }: MessageEvent<Report>) => resolve(data);
      started.postMessage(command);
    });
  } catch {
    return null;
  } finally {
    for (const each of buttons) each.disabled = false;
  }
}
