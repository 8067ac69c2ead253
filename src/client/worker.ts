import { ArchiveWriteError, fromHex } from "../core/index.js";
import { encryptMessage, RecipientError } from "../openpgp/index.js";
import { keepDraft, openDraft } from "./draft.js";
import { Mailbox } from "./mailbox.js";
import type { Appeal, Command, FailureCode, Report } from "./messages.js";
import {
  archiveOf,
  createCode,
  createOutgoing,
  type NewCode,
  newCodeOf,
  type OutgoingAppeal,
} from "./outgoing-appeal.js";
import { Pause } from "./pause.js";
import {
  checkPortal,
  forSaving,
  type PreparedRecipients,
  PrepareError,
  readRecipients,
  type SavingRecipients,
  selfTest,
} from "./recipients.js";
import { isNotRemoved, LEFT_BEHIND, UploadError, upload } from "./upload.js";

// The client's worker: only this thread encrypts, decrypts replies and holds keys.

let prepared: PreparedRecipients | null = null;
let portalSalt = new Uint8Array(0);
let mailbox: Mailbox | null = null;
/** Made while the person is still writing; null where that failed, and once it is used. */
let codeAhead: Promise<NewCode | null> | null = null;
let cancelling = new AbortController();
const pause = new Pause();

const tell = (report: Report) => postMessage(report);

addEventListener("message", ({ data }: MessageEvent<Command>) => {
  if (data.kind === "prepare") void prepare(data);
  else if (data.kind === "send")
    void attempt(data.appeal, (outgoing, signal) => send(outgoing, data, signal), data.offline);
  else if (data.kind === "save") void attempt(data.appeal, save);
  else if (data.kind === "read") void read(() => Mailbox.of(data));
  else if (data.kind === "remove") void read(async () => mailbox, data.reply);
  else if (data.kind === "keep-draft") void keepDraft(data).then(tell);
  else if (data.kind === "open-draft") void openDraft(data).then(tell);
  else if (data.kind === "pause") pause.start();
  else {
    pause.end();
    if (data.kind === "cancel") cancelling.abort(new DOMException("cancelled", "AbortError"));
    if (data.kind === "keep") cancelling.abort(LEFT_BEHIND);
  }
});

async function prepare(command: Extract<Command, { kind: "prepare" }>): Promise<void> {
  const { keys, fingerprints, portalSalt: salt, endpoint, offline } = command;
  try {
    portalSalt = fromHex(salt);
    const asked = endpoint === null ? null : checkPortal(endpoint);
    // The first to fail is reported, without waiting for the other.
    [prepared] = await Promise.all([readRecipients(keys, fingerprints, { asked, offline }), asked]);
    await selfTest(prepared.recipients, prepared.clock.now());
    tell({ kind: "ready", until: offline ? forSaving(prepared).until : null });
    codeAhead ??= createCode(portalSalt).catch(() => null);
  } catch (cause) {
    tell({ kind: "unready", code: cause instanceof PrepareError ? cause.code : "internal" });
  }
}

/** A code that no other letter has. */
async function takeCode(): Promise<NewCode> {
  const ahead = codeAhead;
  codeAhead = null;
  return (await ahead) ?? createCode(portalSalt);
}

/** Reports the replies in a mailbox, after removing `reply` from it if given. */
async function read(open: () => Promise<Mailbox | null>, reply?: string): Promise<void> {
  try {
    mailbox = await open();
    if (mailbox === null) throw new Error("no mailbox has been read");
    if (reply !== undefined) await mailbox.remove(reply);
    tell({ kind: "replies", replies: await mailbox.read(), removed: reply !== undefined });
  } catch {
    tell({ kind: "unreachable" });
  }
}

/**
 * Runs `act` until it succeeds, fails or is cancelled; starts over when the server has lost the upload. A letter that
 * is kept stays the same one: the server may have it already.
 * @param offline whether a letter that cannot be sent becomes a file
 */
async function attempt(
  appeal: Appeal,
  act: (outgoing: OutgoingAppeal, signal: AbortSignal) => Promise<Report>,
  offline = false,
): Promise<void> {
  cancelling = new AbortController();
  let { signal } = cancelling;
  let doing = act;
  let outgoing: OutgoingAppeal | null = null;
  for (;;) {
    try {
      outgoing ??= await createOutgoing(appeal, portalSalt, takeCode);
      return tell(await doing(outgoing, signal));
    } catch (cause) {
      if (signal.aborted && signal.reason === LEFT_BEHIND) {
        cancelling = new AbortController();
        ({ signal } = cancelling);
        doing = save;
        continue;
      }
      if (signal.aborted) return tell({ kind: "cancelled", removed: !isNotRemoved(cause) });
      if (cause instanceof UploadError) {
        if (cause.code === "lost" || (offline && cause.code === "digest_mismatch")) continue;
        if (offline && doing !== save) {
          doing = save;
          continue;
        }
      }
      return tell({ kind: "failed", code: codeOf(cause) });
    }
  }
}

async function send(
  outgoing: OutgoingAppeal,
  { endpoint, narrow, offline }: Extract<Command, { kind: "send" }>,
  signal: AbortSignal,
): Promise<Report> {
  const { size, ciphertext } = await (offline
    ? encrypt(outgoing, "offline", forSavingNow())
    : encrypt(outgoing, "browser", prepared));
  await upload(ciphertext, {
    endpoint: new URL(endpoint),
    signal,
    onProgress: (sent) => tell({ kind: "sending", sent: Math.min(sent, size), total: size }),
    onSent: () => tell({ kind: "storing" }),
    onLine: (line) => tell({ kind: "line", line }),
    mayGoOn: () => pause.over(),
    totalBytes: size,
    narrow,
  });
  return { kind: "stored", code: newCodeOf(outgoing) };
}

/** Collects the ciphertext in a Blob, which the browser may move to its disk. */
async function save(outgoing: OutgoingAppeal, signal: AbortSignal): Promise<Report> {
  const saving = forSavingNow();
  const { size, ciphertext } = await encrypt(outgoing, "offline", saving);
  const reader = ciphertext.getReader();
  const parts: Blob[] = [];
  let sent = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    await pause.over();
    if (signal.aborted) {
      await reader.cancel(signal.reason);
      throw signal.reason;
    }
    parts.push(new Blob([new Uint8Array(next.value)]));
    sent += next.value.length;
    tell({ kind: "sending", sent: Math.min(sent, size), total: size });
  }
  const file = new Blob(parts, { type: "application/octet-stream" });
  return { kind: "saved", file, code: newCodeOf(outgoing), until: saving?.until ?? null };
}

/** The page may have been open for months. @throws RecipientError */
function forSavingNow(): SavingRecipients | null {
  return prepared === null ? null : forSaving(prepared);
}

async function encrypt(outgoing: OutgoingAppeal, encryptedBy: "browser" | "offline", to: PreparedRecipients | null) {
  const archive = archiveOf(outgoing, encryptedBy);
  tell({ kind: "sending", sent: 0, total: archive.size });
  const { recipients, clock } = to ?? { recipients: [], clock: null };
  const ciphertext = await encryptMessage(archive.stream, recipients, clock?.now() ?? new Date());
  return { size: archive.size, ciphertext };
}

function codeOf(cause: unknown): FailureCode {
  for (let next: unknown = cause; next instanceof Error; next = next.cause) {
    if (next instanceof UploadError && next.code !== "lost" && next.code !== "not_removed") return next.code;
    // The page may have been open for longer than a certificate was valid.
    if (next instanceof RecipientError) return "key_expired";
    if (next instanceof ArchiveWriteError) return next.code === "file_too_large" ? "too_large" : "file_unreadable";
  }
  return "internal";
}
