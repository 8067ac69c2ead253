import { byId } from "../dom/index.js";
import { Client } from "./client.js";
import { leaveOnEscape } from "./leave.js";
import { showSaved } from "./receipt-view.js";
import { readSettings } from "./settings.js";

// The offline form's client: encrypts into a file, and may not connect to anything.

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
  order: (appeal) => ({ kind: "save", appeal }),
  choices: () => [],
  done: (report, documents) => {
    if (report.kind === "saved") showSaved(say, report.file, report.code, documents);
  },
});
// Without a network there is no other page to show.
leaveOnEscape(() => offline.wipe(), "about:blank");
offline.prepare();
