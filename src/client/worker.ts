import {
  ArchiveWriteError,
  createReceiptCode,
  createSubmission,
  deriveReplyAddress,
  fromHex,
  type ReplyAddress,
  randomHex,
} from "../core/index.js";
import { encryptMessage, type Recipient } from "../openpgp/index.js";
import { Mailbox } from "./mailbox.js";
import type { Appeal, FailureCode, Order, Report } from "./messages.js";
import { checkPortal, PrepareError, readRecipients, selfTest } from "./recipients.js";
import { UploadError, upload } from "./upload.js";

// The worker: everything that touches plaintext or keys happens here, away from the page's own thread.

let recipients: readonly Recipient[] = [];
let portalSalt = new Uint8Array(0);
let mailbox: Mailbox | null = null;
let cancelling = new AbortController();
/** Resolved while the upload may go on. */
let gate: { readonly open: Promise<void>; readonly release: () => void } | null = null;

interface Prepared {
  readonly appeal: Appeal;
  readonly caseId: string;
  readonly code: string;
  readonly reply: ReplyAddress;
}

const tell = (report: Report) => postMessage(report);

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if (data.kind === "prepare") void prepare(data);
  else if (data.kind === "send") void attempt(data.appeal, (prepared, signal) => send(prepared, data.endpoint, signal));
  else if (data.kind === "save") void attempt(data.appeal, save);
  else if (data.kind === "read") void look(async () => Mailbox.of(data.code, fromHex(data.portalSalt), data.server));
  else if (data.kind === "remove") void look(async () => mailbox, data.reply);
  else if (data.kind === "pause") pause();
  else {
    gate?.release();
    gate = null;
    if (data.kind === "cancel") cancelling.abort(new DOMException("cancelled", "AbortError"));
  }
});

async function prepare({ keys, fingerprints, portalSalt: salt }: Extract<Order, { kind: "prepare" }>): Promise<void> {
  try {
    portalSalt = fromHex(salt);
    const portal = "url" in keys ? checkPortal(new URL("/uploads", keys.url).href) : null;
    // Whichever fails first is told; the other is not waited for.
    [recipients] = await Promise.all([readRecipients(keys, fingerprints), portal]);
    await selfTest(recipients);
    tell({ kind: "ready" });
  } catch (cause) {
    tell({ kind: "unready", code: cause instanceof PrepareError ? cause.code : "internal" });
  }
}

/** Opens a mailbox, after removing a reply from it if one is named. */
async function look(open: () => Promise<Mailbox | null>, reply?: string): Promise<void> {
  try {
    mailbox = await open();
    if (mailbox === null) return;
    if (reply !== undefined) await mailbox.remove(reply);
    tell({ kind: "replies", replies: await mailbox.read(), removed: reply !== undefined });
  } catch {
    tell({ kind: "unreachable" });
  }
}

async function attempt(
  appeal: Appeal,
  act: (prepared: Prepared, signal: AbortSignal) => Promise<Report>,
): Promise<void> {
  cancelling = new AbortController();
  const { signal } = cancelling;
  let prepared: Prepared | null = null;
  for (;;) {
    try {
      // One case and one code, however often the upload has to begin anew.
      prepared ??= await address(appeal);
      return tell(await act(prepared, signal));
    } catch (cause) {
      if (signal.aborted) return tell({ kind: "cancelled", removed: !isNotRemoved(cause) });
      if (cause instanceof UploadError && cause.code === "lost") continue;
      return tell({ kind: "failed", code: codeOf(cause) });
    }
  }
}

/** Gives an appeal its case id and the address that it is answered at. */
async function address(appeal: Appeal): Promise<Prepared> {
  const code = appeal.code ?? createReceiptCode();
  return { appeal, caseId: randomHex(16), code, reply: await deriveReplyAddress(code, portalSalt) };
}

async function send(prepared: Prepared, endpoint: string, signal: AbortSignal): Promise<Report> {
  const { size, ciphertext } = await encrypt(prepared, "browser");
  await upload(ciphertext, {
    endpoint: new URL(endpoint),
    signal,
    onProgress: (sent) => tell({ kind: "sending", sent: Math.min(sent, size), total: size }),
    onSent: () => tell({ kind: "storing" }),
    onLine: (line) => tell({ kind: "line", line }),
    mayGoOn: () => gate?.open ?? Promise.resolve(),
  });
  return { kind: "stored", code: newCode(prepared) };
}

/** The browser may keep a large Blob on its disk: what is gathered here is ciphertext only. */
async function save(prepared: Prepared, signal: AbortSignal): Promise<Report> {
  const { size, ciphertext } = await encrypt(prepared, "offline");
  const reader = ciphertext.getReader();
  const parts: Blob[] = [];
  let sent = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    await gate?.open;
    if (signal.aborted) {
      await reader.cancel(signal.reason);
      throw signal.reason;
    }
    parts.push(new Blob([new Uint8Array(next.value)]));
    sent += next.value.length;
    tell({ kind: "sending", sent: Math.min(sent, size), total: size });
  }
  const file = new Blob(parts, { type: "application/octet-stream" });
  return { kind: "saved", file, code: newCode(prepared) };
}

/** The code to be shown, unless the person has it already. */
function newCode({ appeal, code }: Prepared): string | null {
  return appeal.code === null ? code : null;
}

async function encrypt({ appeal, caseId, reply }: Prepared, encryptedBy: "browser" | "offline") {
  const archive = createSubmission({
    caseId,
    form: appeal.form,
    language: appeal.language,
    answers: appeal.answers,
    choices: appeal.choices,
    letter: appeal.letter,
    reply,
    followUp: appeal.code !== null,
    documents: appeal.documents.map((file) => ({
      name: file.name,
      type: file.type,
      size: file.size,
      open: () => file.stream(),
    })),
    encryptedBy,
  });
  tell({ kind: "sending", sent: 0, total: archive.size });
  return { size: archive.size, ciphertext: await encryptMessage(archive.stream, recipients, new Date()) };
}

function pause(): void {
  let release: () => void = () => undefined;
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  gate ??= { open, release };
}

function isNotRemoved(cause: unknown): boolean {
  return cause instanceof UploadError && cause.code === "not_removed";
}

function codeOf(cause: unknown): FailureCode {
  for (let next: unknown = cause; next instanceof Error; next = next.cause) {
    if (next instanceof UploadError && next.code !== "lost" && next.code !== "not_removed") return next.code;
    if (next instanceof ArchiveWriteError) return next.code === "file_too_large" ? "too_large" : "file_unreadable";
  }
  return "internal";
}
