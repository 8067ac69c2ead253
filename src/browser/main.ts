import { Client } from "./client.js";
import { button, make } from "./dom.js";
import { showReceipt } from "./receipt-view.js";
import { openServerForm } from "./server-form.js";
import { readSettings } from "./settings.js";

// The front page's client: encrypts, and sends to the server that the page came from.

const { settings, say } = readSettings();
const { language, worker, fingerprints } = settings;
const here = (path: string) => new URL(path, location.href).href;

const front = new Client({
  settings,
  say,
  encrypter: { worker, fingerprints, keys: { url: here("/keys.asc") } },
  words: { ready: "client-ready", title: "client-sending-title", phase: "client-phase-sending" },
  order: (appeal) => ({ kind: "send", endpoint: here("/uploads"), appeal }),
  choices: (client) => [
    make("a", { href: `/offline/${language}.html`, download: "", class: "button quiet" }, say("client-offline")),
    make("p", { class: "note" }, say("client-offline-means")),
    button(say("client-on-server"), () => void useServer(client)),
    make("p", { class: "note" }, say("client-on-server-means")),
  ],
  done: (_report, documents) => showReceipt(settings, say, documents),
});
document.getElementById("late")?.remove();
front.prepare();

async function useServer(client: Client): Promise<void> {
  if (await openServerForm(settings, say, client.form.typed, client.documents.files)) client.wipe();
  else client.form.comeBack(say("client-fault-keys_unreachable"));
}
