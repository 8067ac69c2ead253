import { button, byId, make, startWorker } from "../dom/index.js";
import type { ClientScript } from "./later.js";
import { leaveInAHurry } from "./leave.js";
import { SAVING, type SendingWords } from "./sending-view.js";
import { readSettings } from "./settings.js";
import { askBeforeLeaving } from "./unsaved.js";

// The last script of the offline form; other pages never run it.

const SENDING: SendingWords = { title: "client-sending-title", phase: "client-phase-sending" };

if (window.posternClient !== undefined) startOffline(window.posternClient);

/**
 * Starts the client of the offline form. It encrypts into a file, or sends by the ways that it knows. The page's CSP
 * allows connections to these and to nothing else.
 */
function startOffline({ Client, offerDrafts, showReceipt, showSaved }: ClientScript): void {
  const { settings, say } = readSettings();
  const ways = settings.ways ?? null;
  /** Whether the person has chosen to send nothing. */
  let saves = ways === null;
  let tried = false;
  const { fingerprints, portalSalt, keys: armored } = settings;
  const text = (id: string) => document.getElementById(id)?.textContent ?? "";
  const prelude = ways === null ? [] : [`self.posternWays=${JSON.stringify(ways)};`, text("ways")];
  const script = URL.createObjectURL(new Blob([...prelude, text("worker")], { type: "text/javascript" }));
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
    get words() {
      return { ready: ways === null ? "offline-ready" : "relay-ready", ...(saves ? SAVING : SENDING) };
    },
    command: (appeal) => {
      tried = !saves;
      const [endpoint] = ways?.addresses ?? [];
      if (saves || endpoint === undefined) return { kind: "save", appeal };
      return { kind: "send", endpoint: `${endpoint}/uploads`, appeal, narrow: false, offline: true };
    },
    loading: null,
    choices: () => [],
    done: (report, documents) => {
      mailbox?.stop();
      if (report.kind === "stored") {
        showReceipt(settings, say, report.code, documents);
        // They lead to pages of a site, which this form does not know.
        document.querySelector(".links")?.remove();
      }
      if (report.kind !== "saved") return;
      showSaved(settings, say, report, documents);
      if (tried) document.querySelector("h1")?.after(make("p", { class: "alert" }, say("relay-unsent")));
    },
  });
  if (ways !== null) {
    const save = button(say("client-save"), () => {
      saves = true;
      (byId("form") as HTMLFormElement).requestSubmit();
      saves = false;
    });
    offline.form.add(save);
    byId("send").after(make("p", {}, save), make("p", { class: "note" }, say("relay-save-means")));
  }
  const parts = { settings, say, startWorker: async () => startWorker(script) };
  const Mailbox = document.getElementById("mailbox") === null ? undefined : window.posternLater?.mailbox;
  const mailbox =
    Mailbox === undefined
      ? null
      : new Mailbox({ ...parts, isNarrow: () => false, showLoading: () => () => undefined }, addTo);
  byId("form").after(offerDrafts(parts, null, offline, async (which) => window.posternLater?.[which]));
  // There may be no network to load another page from.
  leaveInAHurry(() => {
    mailbox?.stop();
    offline.wipe();
  }, "about:blank");
  askBeforeLeaving();
  document.getElementById("served")?.toggleAttribute("hidden", !/^https?:$/.test(location.protocol));
  offline.prepare();

  /** Writes more to the letter with this number. */
  function addTo(code: string): void {
    offline.form.receiptCode = code;
    byId("earlier").toggleAttribute("open", true);
    byId("form").scrollIntoView();
    byId(`field-${settings.form.questions[0]?.id}`).focus();
  }
}
