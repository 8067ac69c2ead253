import type { PrivateKey } from "openpgp";
import { summarise } from "../cases/index.js";
import { ARCHIVE_LIMITS, ArchiveError, BlockDigest, createReply, dayOf, ReplyError } from "../core/index.js";
import { DecryptError, decryptMessage, encryptReply } from "../openpgp/index.js";
import type { DeskAnswers, DeskFault, DeskOrder, DeskReport } from "./desk-messages.js";
import { takeOut, takeWhole } from "./extract.js";
import { drawSmall, PictureError } from "./thumbnail.js";
import { UnlockError, unlockKeys } from "./unlock.js";

// One of the desk page's workers: everything that touches a secret key or decrypts happens here.

const keys = new Map<string, PrivateKey>();

const say = (report: DeskReport, transfer: Transferable[] = []) => postMessage(report, { transfer });

addEventListener("message", async ({ data }: MessageEvent<DeskOrder>) => {
  try {
    const value = await follow(data);
    say({ kind: "done", value }, value instanceof ImageBitmap ? [value] : []);
  } catch (cause) {
    say({ kind: "failed", ...explain(cause) });
  }
});

async function follow(order: DeskOrder): Promise<DeskAnswers[keyof DeskAnswers]> {
  if (order.kind === "unlock") return unlock(order.files, order.passphrase);
  if (order.kind === "open") return open(order.file);
  if (order.kind === "document") return takeOut(await decrypt(order.file), order.path, order.most);
  if (order.kind === "archive") return takeWhole(await decrypt(order.file));
  if (order.kind === "picture") return drawSmall(await takeOut(await decrypt(order.file), order.path));
  return reply(order);
}

/** Adds to the keys that are unlocked already. */
async function unlock(files: readonly File[], passphrase: string): Promise<string[]> {
  const unlocked: PrivateKey[] = [];
  for (const file of files) unlocked.push(...(await unlockKeys(new Uint8Array(await file.arrayBuffer()), passphrase)));
  for (const key of unlocked) keys.set(key.getFingerprint(), key);
  return unlocked.map((key) => key.getFingerprint());
}

async function open(file: File): Promise<DeskAnswers["open"]> {
  const digest = new BlockDigest();
  for (const reader = file.stream().getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    await digest.push(value);
  }
  const summary = await summarise(await decrypt(file, (bytes) => say({ kind: "read", bytes })));
  return { ...summary, day: dayOf(new Date(file.lastModified)), blocksSha256: await digest.finish() };
}

async function decrypt(file: File, onRead: (bytes: number) => void = () => undefined) {
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onRead(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return decryptMessage(file.stream().pipeThrough(counted), [...keys.values()], ARCHIVE_LIMITS.bytes);
}

/** In memory: a reply is at most 32 MiB. */
async function reply({ address, text, attachments }: Extract<DeskOrder, { kind: "reply" }>): Promise<Blob> {
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
  // A file that was moved, changed or is on a medium that was pulled out.
  if (cause instanceof DOMException) return { fault: "unreadable", detail: cause.name };
  return { fault: "internal", detail: cause instanceof Error ? cause.name : "" };
}
