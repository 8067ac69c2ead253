import type { Answers } from "../form/index.js";
import { RECEIPT_CODE, TAKE_OUT, writeAnswer } from "./answer-field.js";
import type { Boot } from "./boot.js";
import type { Client } from "./client.js";
import { textPieces } from "./loader/index.js";
import type { MailboxView } from "./mailbox-view.js";
import type { ClientSettings } from "./settings.js";

// Loaded when somebody asks for another language while a letter is in the form.

/** A letter that is being written, in this page's memory only. */
interface Written {
  readonly answers: Answers;
  readonly files: readonly File[];
  /** Whether the person has chosen to take out of pictures what they tell. */
  readonly takesOut: boolean;
  /** As typed. */
  readonly receiptCode: string;
  /** The code typed to read replies; null where the page has no place for it. */
  readonly mailboxCode: string | null;
  /** Whether the form for a follow-up is open. */
  readonly followingUp: boolean;
}

const LIMIT_MS = 20_000;

/**
 * Puts the page in another language in the place of this one, and what was written into its form. Nothing is navigated,
 * so that nothing has to be kept anywhere.
 * @param href of the form in that language
 * @returns what the client starts with; rejects, with the page unchanged, where the other cannot be had or names other
 *   keys
 */
export async function changeLanguage(
  boot: Boot,
  href: string,
  client: Client,
  mailbox: MailboxView | null,
): Promise<Boot> {
  const to = mailbox === null ? href : href.replace(/[^/]*$/, "replies");
  const page = await load(to);
  const settings = JSON.parse(page.getElementById("portal")?.dataset.settings ?? "") as ClientSettings;
  if (trusted(settings, page) !== trusted(boot.settings, document))
    throw new Error("the page belongs to another build");
  const words = await (await boot.load(textPieces(settings.pieces?.words))).text();
  // A page that still has to take something out of pictures says so before the list of documents comes.
  const ofDocuments = client.documents.takesOut ? textPieces(settings.pieces?.documents) : [];
  const more = ofDocuments.length === 0 ? "{}" : await (await boot.load(ofDocuments)).text();
  const carried = writtenIn(client, mailbox);
  mailbox?.stop();
  client.wipe();
  boot.addWords(JSON.stringify(settings.words));
  boot.addWords(words);
  boot.addWords(more);
  replacePage(page);
  history.replaceState(null, "", to);
  fill(settings, carried);
  return { ...boot, settings };
}

function writtenIn({ form, documents }: Client, mailbox: MailboxView | null): Written {
  return {
    answers: form.typed,
    files: documents.files,
    takesOut: documents.takesOut,
    receiptCode: form.receiptCode,
    mailboxCode: mailbox?.typed ?? null,
    followingUp: document.querySelector("#follow-up:not([hidden])") !== null,
  };
}

/** What must be the same in any language: whom the client encrypts for, and which client it is. */
function trusted({ fingerprints, portalSalt, pieces }: ClientSettings, page: Document): string {
  const script = page.querySelector<HTMLScriptElement>("script[type=module]")?.integrity;
  return JSON.stringify([fingerprints, portalSalt, pieces?.keys, script]);
}

/** Parsed by the browser and inert. Parsing text in this page would need a policy that lets any markup through. */
function load(to: string): Promise<Document> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", to);
    asked.responseType = "document";
    asked.timeout = LIMIT_MS;
    asked.onload = () => {
      if (asked.status === 200 && asked.responseXML !== null) resolve(asked.responseXML);
      else reject(new Error(`the server answered ${asked.status}`));
    };
    asked.onerror = () => reject(new Error("the server cannot be reached"));
    asked.ontimeout = asked.onerror;
    asked.send();
  });
}

function replacePage({ documentElement, title, body }: Document): void {
  // Without scripting the parser takes what is for browsers without JavaScript for a part of the page.
  for (const other of body.querySelectorAll("noscript, script, link, .late")) other.remove();
  document.documentElement.lang = documentElement.lang;
  document.documentElement.dir = documentElement.dir;
  document.title = title;
  // Stylesheet and first script are the same, and the page must not be without the one for a moment.
  for (const old of [...document.body.childNodes]) if (!isAsset(old)) old.remove();
  document.body.prepend(...body.childNodes);
}

function isAsset(node: Node): boolean {
  return node instanceof HTMLLinkElement || node instanceof HTMLScriptElement;
}

function fill({ form }: ClientSettings, written: Written): void {
  const { answers, files, takesOut, receiptCode, mailboxCode, followingUp } = written;
  for (const question of form.questions) {
    const field = document.getElementById(`field-${question.id}`) as HTMLInputElement | null;
    if (question.kind === "files") {
      const chosen = new DataTransfer();
      for (const file of files) chosen.items.add(file);
      // The client takes over what was chosen before it came.
      if (field !== null) field.files = chosen.files;
      if (field !== null && takesOut) field.dataset.pictures = TAKE_OUT;
    } else writeAnswer(document, question, answers[question.id] ?? "");
  }
  set(`field-${RECEIPT_CODE}`, receiptCode);
  if (mailboxCode !== null) set("field-mailbox-code", mailboxCode);
  const followUp = document.getElementById("follow-up");
  if (followUp !== null) followUp.hidden = !followingUp;
  document.querySelector<HTMLElement>("header [aria-current]")?.focus();
}

function set(id: string, typed: string): void {
  const field = document.getElementById(id) as HTMLInputElement | null;
  if (field === null) return;
  field.value = typed;
  if (typed !== "") field.closest("details")?.setAttribute("open", "");
}

window.posternLater = { ...window.posternLater, language: changeLanguage };
