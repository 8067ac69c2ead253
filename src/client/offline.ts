import { byId } from "../dom/index.js";
import { Client } from "./client.js";
import { leaveOnEscape } from "./leave.js";
import { showSaved } from "./receipt-view.js";
import { readSettings } from "./settings.js";

// The client of the offline form: encrypts into a file. The page's CSP allows no connection.

const { settings, say } = readSettings();
const script = new Blob([byId("worker").textContent ?? ""], { type: "text/javascript" });

const offline = new Client({
  settings,
  say,
  encrypter: {
    worker: URL.createObjectURL(script),
    fingerprints: settings.fingerprints,
    portalSalt: settings.portalSalt,
    keys: { armored: settings.keys },
  },
  words: { ready: "offline-ready", title: "offline-encrypting-title", phase: "offline-encrypting" },
  command: (appeal) => ({ kind: "save", appeal }),
  choices: () => [],
  done: (report, documents) => {
    if (report.kind === "saved") showSaved(say, report.file, report.code, documents);
  },
});
// There may be no network to load another page from.
leaveOnEscape(() => offline.wipe(), "about:blank");
offline.prepare();
