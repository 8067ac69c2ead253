import { createReceiptCode, createReply, deriveDraftAddress, fromHex } from "../core/index.js";
import { encryptReply, openReply } from "../openpgp/index.js";
import type { Command, Report } from "./messages.js";
import { UploadError, upload } from "./upload.js";

type Keep = Extract<Command, { kind: "keep-draft" }>;
type Open = Extract<Command, { kind: "open-draft" }>;

/** A draft is small, and can become a file instead. */
const SEND_TIMEOUT_MS = 180_000;

/** Encrypts a draft's text under a new number. What is sent or saved is laid out as a reply. */
export async function keepDraft({ text, portalSalt, endpoint, narrow }: Keep): Promise<Report> {
  try {
    const code = createReceiptCode();
    const { mailbox: draft, key } = await deriveDraftAddress(code, fromHex(portalSalt));
    const encrypted = await encryptReply(createReply({ text, documents: [] }).stream, key);
    const file = await new Response(encrypted).blob();
    for (let stored = endpoint === null; !stored; ) {
      // The same bytes each time, so that the server has one draft also where its answer was lost.
      stored = await upload(file.stream(), {
        endpoint: new URL(endpoint ?? ""),
        draft,
        signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
        onProgress: () => undefined,
        onSent: () => undefined,
        onLine: () => undefined,
        mayGoOn: async () => undefined,
        totalBytes: file.size,
        narrow,
      }).then(
        () => true,
        (cause: unknown) => {
          if (cause instanceof UploadError && cause.code === "lost") return false;
          throw cause;
        },
      );
    }
    return { kind: "draft", code, file };
  } catch (cause) {
    return {
      kind: "failed",
      code: cause instanceof UploadError && cause.code === "no_space" ? "no_space" : "internal",
    };
  }
}

/** The text of a draft in a file, as that of a reply: null if this number does not open it. */
export async function openDraft({ code, portalSalt, file }: Open): Promise<Report> {
  const { key } = await deriveDraftAddress(code, fromHex(portalSalt));
  const text = await openReply(file.stream(), key).then(
    (reply) => reply.text,
    () => null,
  );
  return { kind: "replies", replies: [{ id: "", day: "", text, opened: null, files: [] }], removed: false };
}
