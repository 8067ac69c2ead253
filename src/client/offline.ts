import { byId, startWorker } from "../dom/index.js";
import type { ClientScript } from "./later.js";
import { leaveInAHurry } from "./leave.js";
import { SAVING } from "./sending-view.js";
import { readSettings } from "./settings.js";
import { askBeforeLeaving } from "./unsaved.js";

// The last script of the offline form; other pages never run it.

if (window.posternClient !== undefined) startOffline(window.posternClient);

/** Starts the client of the offline form: it encrypts into a file. The page's CSP allows no connection. */
function startOffline({ Client, offerDrafts, showSaved }: ClientScript): void {
  const { settings, say } = readSettings();
  const { fingerprints, portalSalt, keys: armored } = settings;
  const script = URL.createObjectURL(new Blob([byId("worker").textContent ?? ""], { type: "text/javascript" }));
  const offline = new Client({
    settings,
    say,
    encrypter: {
      startWorker: async () => startWorker(script),
      askPortal: async () => ({ keys: { armored, there: null }, isPortal: false }),
      becomeNarrow: () => undefined,
      leaveRoom: async () => undefined,
      fingerprints,
      portalSalt,
      endpoint: null,
    },
    documentTools: async () => {
      const { documents, pictures } = window.posternLater ?? {};
      if (documents === undefined || pictures === undefined) throw new Error("the form is not whole");
      return { documents, pictures };
    },
    words: { ready: "offline-ready", ...SAVING },
    command: (appeal) => ({ kind: "save", appeal }),
    loading: null,
    choices: () => [],
    done: (report, documents) => {
      if (report.kind === "saved") showSaved(settings, say, report, documents);
    },
  });
  const parts = { settings, say, startWorker: async () => startWorker(script) };
  byId("form").after(offerDrafts(parts, null, offline, async (which) => window.posternLater?.[which]));
  // There may be no network to load another page from.
  leaveInAHurry(() => offline.wipe(), "about:blank");
  askBeforeLeaving();
  offline.prepare();
}
