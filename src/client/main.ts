import { button, byId, make } from "../dom/index.js";
import { mayUseOffline, mayUseServer } from "./choices.js";
import { Client } from "./client.js";
import { leaveOnEscape } from "./leave.js";
import { MailboxView } from "./mailbox-view.js";
import { showReceipt } from "./receipt-view.js";
import { openServerForm } from "./server-form.js";
import { readSettings } from "./settings.js";

// The client of the front page and the replies page: encrypts, and sends to the page's own server.

const { settings, say } = readSettings();
const { language, worker, fingerprints, portalSalt } = settings;
const here = (path: string) => new URL(path, location.href).href;

const front = new Client({
  settings,
  say,
  encrypter: { worker, fingerprints, portalSalt, keys: { url: here("/keys.asc") } },
  words: { ready: "client-ready", title: "client-sending-title", phase: "client-phase-sending" },
  command: (appeal) => ({ kind: "send", endpoint: here("/uploads"), appeal }),
  choices: (client, code) => [
    ...(mayUseOffline(code) ? offlineForm() : []),
    ...(mayUseServer(code) ? onServer(client) : []),
  ],
  done: (report, documents) => {
    mailbox?.stop();
    if (report.kind === "stored") showReceipt(settings, say, report.code, documents);
  },
});
const mailbox = document.getElementById("mailbox") === null ? null : new MailboxView(settings, say, addTo);
for (const late of document.querySelectorAll(".late")) late.remove();
leaveOnEscape(() => {
  mailbox?.stop();
  front.wipe();
}, `/${language}/leave`);
front.prepare();

function addTo(code: string): void {
  front.form.receiptCode = code;
  byId("follow-up").hidden = false;
  byId("follow-up-title").scrollIntoView();
  byId(`field-${settings.form.questions[0]?.id}`).focus();
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
  if (await openServerForm(settings, say, typed, client.documents.files, receiptCode)) client.wipe();
  else client.form.comeBack(say("client-fault-keys_unreachable"));
}
