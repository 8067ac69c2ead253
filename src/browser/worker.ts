import { ArchiveWriteError, createSubmission, encryptMessage, type Recipient, randomHex } from "../core/index.js";
import type { Appeal, FailureCode, Order, Report } from "./messages.js";
import { PrepareError, readRecipients, selfTest } from "./recipients.js";
import { UploadError, upload } from "./upload.js";

// The worker: everything that touches plaintext or keys happens here, away from the page's own thread.

let recipients: readonly Recipient[] = [];
let cancelling = new AbortController();
/** Resolved while the upload may go on. */
let gate: { readonly open: Promise<void>; readonly release: () => void } | null = null;

const tell = (report: Report) => postMessage(report);

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if (data.kind === "prepare") void prepare(data);
  else if (data.kind === "send") void attempt((caseId, signal) => send(data.appeal, data.endpoint, caseId, signal));
  else if (data.kind === "save") void attempt((caseId, signal) => save(data.appeal, caseId, signal));
  else if (data.kind === "pause") pause();
  else {
    gate?.release();
    gate = null;
    if (data.kind === "cancel") cancelling.abort(new DOMException("cancelled", "AbortError"));
  }
});

async function prepare({ keys, fingerprints }: Extract<Order, { kind: "prepare" }>): Promise<void> {
  try {
    recipients = await readRecipients(keys, fingerprints);
    await selfTest(recipients);
    tell({ kind: "ready" });
  } catch (cause) {
    tell({ kind: "unready", code: cause instanceof PrepareError ? cause.code : "internal" });
  }
}

async function attempt(act: (caseId: string, signal: AbortSignal) => Promise<Report>): Promise<void> {
  cancelling = new AbortController();
  const { signal } = cancelling;
  // One case, however often the upload has to begin anew.
  const caseId = randomHex(16);
  for (;;) {
    try {
      return tell(await act(caseId, signal));
    } catch (cause) {
      if (signal.aborted) return tell({ kind: "cancelled", removed: !isNotRemoved(cause) });
      if (cause instanceof UploadError && cause.code === "lost") continue;
      return tell({ kind: "failed", code: codeOf(cause) });
    }
  }
}

async function send(appeal: Appeal, endpoint: string, caseId: string, signal: AbortSignal): Promise<Report> {
  const { size, ciphertext } = await encrypt(appeal, caseId, "browser");
  await upload(ciphertext, {
    endpoint: new URL(endpoint),
    signal,
    onProgress: (sent) => tell({ kind: "sending", sent: Math.min(sent, size), total: size }),
    onSent: () => tell({ kind: "storing" }),
    onLine: (working) => tell({ kind: "line", working }),
    mayGoOn: () => gate?.open ?? Promise.resolve(),
  });
  return { kind: "stored" };
}

/** The browser may keep a large Blob on its disk: what is gathered here is ciphertext only. */
async function save(appeal: Appeal, caseId: string, signal: AbortSignal): Promise<Report> {
  const { size, ciphertext } = await encrypt(appeal, caseId, "offline");
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
  return { kind: "saved", file: new Blob(parts, { type: "application/octet-stream" }) };
}

async function encrypt(appeal: Appeal, caseId: string, encryptedBy: "browser" | "offline") {
  const archive = createSubmission({
    ...appeal,
    caseId,
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
