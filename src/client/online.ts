import { button, byId, make } from "../dom/index.js";
import type { Boot } from "./boot.js";
import { mayUseOffline, mayUseServer } from "./choices.js";
import { Client } from "./client.js";
import { loadDocumentTools } from "./document-tools.js";
import { offerDrafts } from "./draft-offer.js";
import { keepForm } from "./keep-form.js";
import { showReceipt, showSaved } from "./receipt-view.js";

/** Starts the client of the front page and the replies page: it encrypts, and sends to the page's own server. */
export function startOnline(boot: Boot): void {
  const { settings, say } = boot;
  const { language, fingerprints, portalSalt } = settings;
  const here = (path: string) => new URL(path, location.href).href;
  const front = new Client({
    settings,
    say,
    encrypter: { ...boot, fingerprints, portalSalt, endpoint: here("/uploads") },
    documentTools: loadDocumentTools(boot),
    words: { ready: "client-ready", title: "client-sending-title", phase: "client-phase-sending" },
    command: (appeal) => ({ kind: "send", endpoint: here("/uploads"), appeal, narrow: boot.isNarrow() }),
    loading: boot.showLoading,
    choices: (client, code) => [
      ...(mayUseOffline(code) ? offlineForm() : []),
      ...(mayUseServer(code) ? onServer(client) : []),
    ],
    done: (report, documents) => {
      mailbox?.stop();
      if (report.kind === "stored") showReceipt(settings, say, report.code, documents);
      if (report.kind === "saved") showSaved(settings, say, report, documents);
    },
  });
  // Loaded before this on the page for replies, and on no other.
  const Mailbox = window.posternLater?.mailbox;
  const mailbox = Mailbox === undefined ? null : new Mailbox(boot, addTo);
  boot.onLeave(() => {
    mailbox?.stop();
    front.wipe();
  });
  document.querySelector("header nav")?.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    // What is being sent, and a receipt, belong to this language.
    if (link === null || !boot.isUnsaved() || document.querySelector(".sending, #send") !== byId("send")) return;
    event.preventDefault();
    void changeLanguage(link);
  });
  front.prepare();
  if (mailbox === null) {
    byId("form").after(
      offerDrafts(boot, boot, front, (which) => boot.later(which)),
      keepForm(boot),
    );
  }

  function addTo(code: string): void {
    front.form.receiptCode = code;
    byId("follow-up").hidden = false;
    byId("follow-up-title").scrollIntoView();
    byId(`field-${settings.form.questions[0]?.id}`).focus();
  }

  /** Where that fails the browser leaves the page, and asks before. */
  async function changeLanguage({ href }: HTMLAnchorElement): Promise<void> {
    try {
      const change = await boot.later("language");
      startOnline(await change(boot, href, front, mailbox));
    } catch {
      location.assign(href);
    }
  }

  function offlineForm(): readonly Node[] {
    return [
      make("a", { href: `/offline/${language}.html`, download: "", class: "button quiet" }, say("client-offline")),
      make("p", { class: "note" }, say("client-offline-means")),
    ];
  }

  function onServer(client: Client): readonly Node[] {
    return [
      button(say("client-on-server"), () => void useServer(client)),
      make("p", { class: "note" }, say("client-on-server-means")),
    ];
  }

  async function useServer(client: Client): Promise<void> {
    const { typed, receiptCode } = client.form;
    const { fault } = client.documents;
    if (fault !== null) return client.form.comeBack(fault);
    const open = await boot.later("server").catch(() => null);
    if (await open?.(settings, say, typed, client.documents.outgoing, receiptCode)) client.wipe();
    else client.form.comeBack(say("client-fault-keys_unreachable"));
  }
}
