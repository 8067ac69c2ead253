import type { PrivateKey } from "openpgp";
import { BlockDigest, createReply, dayOf, foreignCaseId, maxContentBytes } from "../core/index.js";
import { decryptingKey, diagnose, encryptReply, type KeyPart, messageIn, openMessage } from "../openpgp/index.js";
import { archiveIn, documentIn, type Plaintext, summaryOf } from "./contents.js";
import type { DeskKeys, DeskRequest, DeskResponse, DeskResults } from "./desk-messages.js";
import { explain } from "./explain.js";
import { workOnKeys } from "./key-work.js";
import { drawThumbnail } from "./thumbnail.js";
import { unlockKeys } from "./unlock.js";

// A worker of the desk page. Only workers decrypt.

let keys: Promise<readonly PrivateKey[]> = Promise.resolve([]);
let closed: readonly KeyPart[] = [];

const respond = (response: DeskResponse, transfer: Transferable[] = []) => postMessage(response, { transfer });
const onRead = (bytes: number) => respond({ kind: "read", bytes });

addEventListener("message", async ({ data }: MessageEvent<DeskRequest | DeskKeys>) => {
  if (data.kind === "keys") return take(data);
  try {
    const value = await handle(data);
    respond({ kind: "done", value }, value instanceof ImageBitmap ? [value] : []);
  } catch (cause) {
    respond({
      kind: "failed",
      ...explain("file" in data && data.kind !== "key-work" ? await causeOf(data.file, cause) : cause),
    });
  }
});

function take({ bodies, closed: locked }: DeskKeys): void {
  keys = Promise.all(bodies.map(decryptingKey));
  // Reported by the request that needs them.
  keys.catch(() => undefined);
  closed = locked;
}

async function handle(request: DeskRequest): Promise<DeskResults[keyof DeskResults]> {
  if (request.kind === "unlock") {
    return unlockKeys(request.files, request.passphrase, request.open, () => onRead(0));
  }
  if (request.kind === "reply") return reply(request);
  if (request.kind === "key-work") return workOnKeys(request);
  const { file } = request;
  if (request.kind === "open") return open(file);
  const plaintext = () => decrypt(file);
  if (request.kind === "document") return documentIn(plaintext, request.path, request.maxBytes);
  if (request.kind === "archive") return archiveIn(plaintext);
  return drawThumbnail(await documentIn(plaintext, request.path));
}

async function open(file: File): Promise<DeskResults["open"]> {
  const digest = new BlockDigest();
  for (const reader = file.stream().getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    await digest.push(value);
    onRead(0);
  }
  const blocksSha256 = await digest.finish();
  const summary = await summaryOf(() => decrypt(file), foreignCaseId(blocksSha256));
  return { ...summary, day: dayOf(new Date(file.lastModified)), blocksSha256 };
}

async function decrypt(file: File): Promise<Plaintext> {
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array>({
    transform(chunk, controller) {
      onRead(chunk.length);
      controller.enqueue(chunk);
    },
  });
  const message = await messageIn(file.stream().pipeThrough(counted));
  return openMessage(message, await keys, maxContentBytes(file.size));
}

async function causeOf(file: File, cause: unknown): Promise<unknown> {
  return diagnose(() => file.stream(), cause, closed).catch(() => cause);
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
