import { ArchiveWriteError, createSubmission, encryptMessage, type Recipient, randomHex } from "../core/index.js";
import type { FailureCode, Order, Report } from "./messages.js";
import { fetchRecipients, PrepareError, selfTest } from "./recipients.js";
import { UploadError, upload } from "./upload.js";

// The worker: everything that touches plaintext or keys happens here, away from the page's own thread.

let recipients: readonly Recipient[] = [];
let cancelling = new AbortController();
/** Resolved while the upload may go on. */
let gate: { readonly open: Promise<void>; readonly release: () => void } | null = null;

const tell = (report: Report) => postMessage(report);

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if (data.kind === "prepare") void prepare(data);
  else if (data.kind === "send") void send(data);
  else if (data.kind === "pause") pause();
  else {
    gate?.release();
    gate = null;
    if (data.kind === "cancel") cancelling.abort(new DOMException("cancelled", "AbortError"));
  }
});

async function prepare({ keys, fingerprints }: Extract<Order, { kind: "prepare" }>): Promise<void> {
  try {
    recipients = await fetchRecipients(keys, fingerprints);
    await selfTest(recipients);
    tell({ kind: "ready" });
  } catch (cause) {
    tell({ kind: "unready", code: cause instanceof PrepareError ? cause.code : "internal" });
  }
}

async function send(order: Extract<Order, { kind: "send" }>): Promise<void> {
  cancelling = new AbortController();
  const { signal } = cancelling;
  // One case, however often the upload has to begin anew.
  const caseId = randomHex(16);
  for (;;) {
    try {
      await sendOnce(order, caseId, signal);
      return tell({ kind: "stored" });
    } catch (cause) {
      if (signal.aborted) return tell({ kind: "cancelled" });
      if (cause instanceof UploadError && cause.code === "lost") continue;
      return tell({ kind: "failed", code: codeOf(cause) });
    }
  }
}

async function sendOnce(order: Extract<Order, { kind: "send" }>, caseId: string, signal: AbortSignal): Promise<void> {
  const archive = createSubmission({
    caseId,
    form: order.form,
    language: order.language,
    answers: order.answers,
    letter: order.letter,
    documents: order.documents.map((file) => ({
      name: file.name,
      type: file.type,
      size: file.size,
      open: () => file.stream(),
    })),
    encryptedBy: "browser",
  });
  tell({ kind: "sending", sent: 0, total: archive.size });
  await upload(await encryptMessage(archive.stream, recipients, new Date()), {
    endpoint: new URL(order.endpoint),
    signal,
    onProgress: (sent) => tell({ kind: "sending", sent: Math.min(sent, archive.size), total: archive.size }),
    onSent: () => tell({ kind: "storing" }),
    onLine: (working) => tell({ kind: "line", working }),
    mayGoOn: () => gate?.open ?? Promise.resolve(),
  });
}

function pause(): void {
  let release: () => void = () => undefined;
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  gate ??= { open, release };
}

function codeOf(cause: unknown): FailureCode {
  for (let next: unknown = cause; next instanceof Error; next = next.cause) {
    if (next instanceof UploadError && next.code !== "lost") return next.code;
    if (next instanceof ArchiveWriteError) return next.code === "file_too_large" ? "too_large" : "file_unreadable";
  }
  return "internal";
}
