import type { Room, Rooms, Runs } from "./imports.js";

interface DescribedRoom extends Room {
  /** What it holds, in a few words of Markdown. */
  readonly holds: string;
}

const room = (runs: Runs, holds: string, ...may: string[]): DescribedRoom => ({ runs, holds, may });

/** What each room holds, where it runs, and what it may import. Whatever is not here is forbidden. */
export const ROOMS: Readonly<Record<string, DescribedRoom>> & Rooms = {
  core: room("anywhere", "the submission format: archive, padding, receipt code, `submission.json`"),
  files: room("node", "small helpers around `node:fs`"),
  streams: room("node", "byte streams between files and threads, over reusable buffers"),
  dom: room("browser", "what every page of ours does with a document and a worker"),
  "http-client": room("node", "requests over HTTP, TLS, a Unix socket or SOCKS, with limits on bytes and time"),
  openpgp: room("anywhere", "everything OpenPGP; `packets/` parses messages without openpgp.js", "core"),
  shares: room("anywhere", "a secret split into shares of words, and joined", "core"),
  seal: room("anywhere", "questions to a mailbox that no relay can read", "core"),
  months: room("anywhere", "monthly keys, and their burning", "core", "openpgp", "shares"),
  form: room("anywhere", "the questions, their validation, `letter.txt`", "core"),
  mime: room("anywhere", "mail messages, parsed within bounds"),
  people: room("anywhere", "names, places and texts compared: which letters may be about one person"),
  cases: room("anywhere", "what staff see of a submission, on a disk and in a browser", "core", "mime", "people"),
  locales: room("node", "every word on the pages, one Fluent file per language; staff's in `staff/`"),
  store: room("node", "where ciphertext rests: a folder, or a bucket (`s3/`)", "core", "files"),
  spool: room("node", "unlinked, encrypted temporary files of letters under way", "core", "streams", "store"),
  http: room("node", "what both servers share: security headers, rendering, the operator's log", "core"),
  pictures: room("anywhere", "what JPEG, PNG, WebP and HEIC tell about their making, and copies without it", "core"),
  native: room("node", "OpenPGP over `node:crypto`; `decrypt/` is the desk's", "core", "openpgp", "streams"),
  client: room(
    "browser",
    "what runs at the submitter's: form, encryption worker, upload",
    "core",
    "openpgp",
    "form",
    "dom",
    "pictures",
    "seal",
  ),
  reading: room("browser", "pictures, HEIC and PDF as pixels", "core", "dom"),
  "desk-web": room(
    "browser",
    "what runs in staff's browser, offline",
    ...["core", "openpgp", "shares", "months", "cases", "dom", "reading"],
  ),
  desk: room(
    "node",
    "the offline side: `open/` decrypts, `html/` writes pages; keys, replies, notes",
    ...["core", "files", "streams", "openpgp", "months", "native", "cases", "locales"],
  ),
  server: room(
    "node",
    "the submitters' portal",
    ...["core", "openpgp", "seal", "native", "form", "locales", "store", "spool", "http"],
  ),
  relay: room("anywhere", "what a relay passes on"),
  "relay-server": room("node", "the relay's program", "http-client", "relay", "server"),
  mail: room(
    "node",
    "letters by email, encrypted on arrival",
    ...["core", "files", "openpgp", "native", "mime", "locales", "store", "spool", "http", "http-client", "server"],
  ),
  pickup: room(
    "node",
    "staff's online pages; `ledger/` records what was collected and opened",
    ...["core", "files", "openpgp", "locales", "store", "http", "http-client"],
  ),
  doctor: room(
    "node",
    "checks of a deployment, from its machine and from outside",
    ...["core", "files", "openpgp", "http-client", "server", "store"],
  ),
  verify: room(
    "node",
    "the site as files, its manifest, and the comparison of a live portal with its source",
    ...["core", "files", "openpgp", "http-client", "form", "locales", "store", "http", "server"],
  ),
  cli: room(
    "node",
    "the commands; the only place that reads the environment and the arguments",
    ...["core", "files", "openpgp", "shares", "months", "form", "locales", "cases", "store", "http"],
    ...["http-client", "server", "relay-server", "mail", "pickup", "desk", "doctor", "verify"],
  ),
};

/** The block of docs/ARCHITECTURE.md. */
export function roomsTable(): string {
  const rows = Object.entries(ROOMS).map(([name, { runs, holds, may }]) => [name, holds, runs, may.join(", ")]);
  const lines = [["room", "holds", "runs", "may import"], ["---", "---", "---", "---"], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
