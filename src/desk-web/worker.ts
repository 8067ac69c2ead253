import type { PrivateKey } from "openpgp";
import { summarise } from "../cases/index.js";
import { ArchiveError, BlockDigest, createReply, dayOf, maxContentBytes, ReplyError } from "../core/index.js";
import { DecryptError, decryptMessage, encryptReply } from "../openpgp/index.js";
import type { DeskFault, DeskRequest, DeskResponse, DeskResults } from "./desk-messages.js";
import { extractArchive, extractFile } from "./extract.js";
import { drawThumbnail, PictureError } from "./thumbnail.js";
import { UnlockError, unlockKeys } from "./unlock.js";

// A worker of the desk page. Only workers touch secret keys and decrypt.

const keys = new Map<string, PrivateKey>();

const respond = (response: DeskResponse, transfer: Transferable[] = []) => postMessage(response, { transfer });

addEventListener("message", async ({ data }: MessageEvent<DeskRequest>) => {
  try {
    const value = await handle(data);
    respond({ kind: "done", value }, value instanceof ImageBitmap ? [value] : []);
  } catch (cause) {
    respond({ kind: "failed", ...explain(cause) });
  }
});

async function handle(request: DeskRequest): Promise<DeskResults[keyof DeskResults]> {
  if (request.kind === "unlock") return unlock(request.files, request.passphrase);
  if (request.kind === "open") return open(request.file);
  if (request.kind === "document") return extractFile(await decrypt(request.file), request.path, request.maxBytes);
  if (request.kind === "archive") return extractArchive(await decrypt(request.file));
  if (request.kind === "picture") return drawThumbnail(await extractFile(await decrypt(request.file), request.path));
  return reply(request);
}

/** Adds to the unlocked keys. */
async function unlock(files: readonly File[], passphrase: string): Promise<string[]> {
  const unlocked: PrivateKey[] = [];
  for (const file of files) unlocked.push(...(await unlockKeys(new Uint8Array(await file.arrayBuffer()), passphrase)));
  for (const key of unlocked) keys.set(key.getFingerprint(), key);
  return unlocked.map((key) => key.getFingerprint());
}

async function open(file: File): Promise<DeskResults["open"]> {
  const digest = new BlockDigest();
  for (const reader = file.stream().getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    await digest.push(value);
  }
  const summary = await summarise(await decrypt(file, (bytes) => respond({ kind: "read", bytes })));
  return { ...summary, day: dayOf(new Date(file.lastModified)), blocksSha256: await digest.finish() };
}

async function decrypt(file: File, onRead: (bytes: number) => void = () => undefined) {
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onRead(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return decryptMessage(file.stream().pipeThrough(counted), [...keys.values()], maxContentBytes(file.size));
}

/** A reply has at most 32 MiB, so it is encrypted in memory. */
async function reply({ address, text, attachments }: Extract<DeskRequest, { kind: "reply" }>): Promise<Blob> {
  const archive = createReply({
    text,
    documents: attachments.map((file) => ({
      name: file.name,
      type: "application/octet-stream",
      size: file.size,
      open: () => file.stream(),
    })),
  });
  return new Response(await encryptReply(archive.stream, address.key)).blob();
}

function explain(cause: unknown): { fault: DeskFault; detail: string } {
  if (cause instanceof UnlockError || cause instanceof DecryptError || cause instanceof PictureError) {
    return { fault: cause.code, detail: "" };
  }
  if (cause instanceof ReplyError) return { fault: "too_large", detail: "" };
  if (cause instanceof ArchiveError) return { fault: "bad_archive", detail: cause.code };
  // The file was moved or changed, or its medium was removed.
  if (cause instanceof DOMException) return { fault: "unreadable", detail: cause.name };
  return { fault: "internal", detail: cause instanceof Error ? cause.name : "" };
}
