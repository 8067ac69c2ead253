import { button, byId, make } from "../dom/index.js";
import { mayUseServer } from "./choices.js";
import { isThroughIntermediary } from "./intermediary.js";
import type { Later } from "./later.js";
import { leaveInAHurry } from "./leave.js";
import {
  type Abilities,
  findAbilities,
  type LoadState,
  loadParts,
  loadWorkerScript,
  type Parts,
  type Piece,
  PieceError,
  PieceLoader,
  pieceOf,
  readBuild,
  runScript,
  scriptPolicy,
  textPieces,
} from "./loader/index.js";
import { LoadingView } from "./loading-view.js";
import { type FailureCode, loadFailure } from "./messages.js";
import { askEarly, type EarlyAnswers, KeysError } from "./portal-answers.js";
import { readSettings } from "./settings.js";
import { askBeforeLeaving, isUnsaved } from "./unsaved.js";

// The first script of a page: loads the client piece by piece, says how far it is, and hands over to it.

/** What a tab is called whose network has been found to cut connections short. */
const NARROW = "narrow";
/** For certificates that did not come early: after these, people are told so, and of other ways. */
const KEYS_ATTEMPTS = 3;
const NARROW_KEYS_ATTEMPTS = 6;

const { settings, say, addWords } = readSettings();
const { language, pieces } = settings;
const build = readBuild();
const loader = new PieceLoader(usualWaitMs(), change);
/** The form of the page that takes a file which is encrypted already: that page's client needs no worker. */
const forwarding = document.getElementById("field-file") === null ? null : (byId("form") as HTMLFormElement);
const forReplies = document.getElementById("mailbox") !== null;
const view = new LoadingView(say, forReplies ? "replies-unready" : "client-unready");
/** The page for replies needs one script more, before its client. */
const before = forReplies ? [build.soon.mailbox] : [];
const longParts = forwarding === null ? [...before, ...build.longClient] : build.longForward;
const abilities = findAbilities(new URL(document.scripts[0]?.src ?? "").pathname);
const { whole, soon } = build;
const runnable = [...longParts, whole, ...Object.values(soon)].map(({ path }) => path);
const trusted = scriptPolicy(runnable);
const state = document.getElementById("mailbox-state") ?? byId("client-state");
let wipe = () => {};
let worker: Promise<string> | null = null;
/** What has run already: a script must not run twice. */
let scripts: readonly Piece[] = [];
let running = 0;
let parts: Promise<Parts> | null = null;
let early: Promise<EarlyAnswers> | null = null;

for (const late of document.querySelectorAll(".late")) late.remove();
leaveInAHurry(() => wipe(), `/${language}/leave`);
askBeforeLeaving();
// For as long as this tab is open; nothing is stored.
if (window.name === NARROW) loader.becomeNarrow();
void loader.decided.then((trusts) => {
  if (trusts) document.querySelector("link[rel=icon]")?.setAttribute("href", "/icon.svg");
});
void start();

async function start(): Promise<void> {
  // Without TLS there is no cryptography, and pieces cannot be checked. What is ciphertext already needs neither.
  if (!isSecureContext && forwarding !== null) return;
  if (!isSecureContext) return view.fail(state, "insecure", () => location.reload(), []);
  const stop = view.show(state, loader.state);
  if (forwarding !== null) holdBack();
  try {
    const can = await abilities;
    // First, since it is the longest where it comes in one.
    if (forwarding === null) void workerPath(can).catch(() => undefined);
    if (running === 0) scripts = await fetchClient(can);
    window.postern = {
      settings,
      say,
      addWords,
      isNarrow: () => loader.state.narrow,
      becomeNarrow: () => becomeNarrow(),
      leaveRoom: (connections) => loader.leaveRoom(connections),
      startWorker: async () => new Worker(trusted(await workerPath(can)), { name: "postern" }),
      askPortal: async () => {
        // Once: later answers may be others.
        const asked = early;
        early = null;
        const { isPortal = false, keys = null } = (await asked) ?? {};
        if (keys !== null) return { isPortal, keys };
        // A piece may be older than its portal's time: the portal has to be asked for that.
        return { isPortal: false, keys: { armored: await namedKeys(), there: null } };
      },
      parts: listed,
      load: (wanted) => loader.load(wanted),
      later: async (name) => {
        if (window.posternLater?.[name] === undefined) {
          const piece = { ...soon }[name as string] ?? (await listed()).later[name];
          await loader.load([piece]);
          await runScript(piece, trusted);
        }
        return window.posternLater?.[name] as Later[typeof name];
      },
      showLoading: (element) => view.show(element, loader.state),
      advice: () => view.advice(),
      isUnsaved,
      onLeave: (act) => {
        wipe = act;
      },
    };
    // From here on the client shows how far it is.
    stop();
    // A part that has run cannot run again.
    for (const piece of scripts.slice(running)) {
      await runScript(piece, trusted);
      running += 1;
    }
  } catch (cause) {
    const code = loadFailure(cause);
    view.fail(state, code, () => void start(), otherWays(code));
  }
}

/**
 * The client's scripts, once they and its words are there: in few parts where the network lets something long through,
 * or else in short ones.
 */
async function fetchClient(can: Abilities): Promise<readonly Piece[]> {
  if (await mayLoadWhole(can)) {
    try {
      const words = loader.loadWhole(pieceOf("text", pieces?.wordsWhole ?? ""));
      await Promise.all([words, ...longParts.map((part) => loader.loadWhole(part))]);
      addWords(await (await words).text());
      return longParts;
    } catch (cause) {
      if (!(cause instanceof PieceError)) throw cause;
    }
  }
  const words = texts(pieces?.words).then((json) => addWords(json));
  const { client, forward } = await listed();
  const inParts = forwarding === null ? [...before, ...client] : forward;
  runnable.push(...inParts.map(({ path }) => path));
  await Promise.all([words, loader.load(inParts)]);
  return inParts;
}

/** The worker's script is the first to try; where a page needs none, its client is. */
async function mayLoadWhole({ cache, curve25519 }: Abilities): Promise<boolean> {
  if (!cache || loader.state.narrow) return false;
  if (forwarding !== null) return true;
  if (!curve25519 || !(await loader.decided)) return false;
  early = askEarly(location.href);
  return true;
}

/** From here on only the client sends. */
function holdBack(): void {
  forwarding?.addEventListener("submit", (event) => event.preventDefault());
  (byId("send") as HTMLButtonElement).disabled = true;
}

function change(state: LoadState): void {
  if (state.narrow) window.name = NARROW;
  view.change(state);
}

function workerPath(can: Abilities): Promise<string> {
  worker ??= loadWorkerScript(loader, build, listed, can);
  return worker.catch((cause: unknown) => {
    worker = null;
    throw cause;
  });
}

function listed(): Promise<Parts> {
  parts ??= loadParts(loader, build.list).then((found) => {
    const { entry, olderEntry, later } = found;
    runnable.push(...[entry, olderEntry, ...Object.values(later)].map(({ path }) => path));
    return found;
  });
  return parts.catch((cause: unknown) => {
    parts = null;
    throw cause;
  });
}

function becomeNarrow(): void {
  loader.becomeNarrow();
  worker = null;
}

async function texts(digests?: readonly string[], attempts?: number): Promise<string> {
  return (await loader.load(textPieces(digests), attempts)).text();
}

/**
 * The certificates that the page names: by now the portal may have others, of the next month.
 * @throws KeysError
 */
async function namedKeys(): Promise<string> {
  try {
    const attempts = loader.state.narrow ? NARROW_KEYS_ATTEMPTS : KEYS_ATTEMPTS;
    return await texts(pieces?.keys, attempts);
  } catch (cause) {
    const code = loadFailure(cause) === "script_changed" ? "keys_changed" : "keys_unreachable";
    throw new KeysError(code, "the recipients' certificates cannot be fetched", { cause });
  }
}

/** Twice what this page took to begin: its connection was made and its answer awaited as a piece's is. */
function usualWaitMs(): number {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return page === undefined ? 0 : 2 * (page.responseStart - page.fetchStart);
}

/** Where not even the client can be loaded. */
function otherWays(code: FailureCode): readonly Node[] {
  // An intermediary reads what the server would encrypt.
  if (!mayUseServer(code) || isThroughIntermediary(location)) return [];
  const words = say(forReplies ? "replies-plain" : "client-on-server");
  const href = `/${language}/${forReplies ? "replies/plain" : "form/alone"}`;
  return [
    forwarding === null ? make("a", { href, class: "button quiet" }, words) : button(words, () => forwarding.submit()),
    make("p", { class: "note" }, say(forReplies ? "replies-server" : "client-on-server-means")),
  ];
}
