import { createHash } from "node:crypto";
import { Server } from "@tus/server";
import type { Express, NextFunction, Request, Response } from "express";
import { BlockDigest, MessageError, MessageInspector, randomHex } from "../core/index.js";
import { type Digests, isSubmissionId } from "../store/index.js";
import type { OperatorLog } from "../web/index.js";
import type { ServerConfig } from "./config.js";
import type { Departure } from "./departure.js";
import { isForRecipients } from "./known-recipients.js";
import { largestMessage } from "./message-limit.js";
import { type Recipients, RecipientsError } from "./recipients.js";
import { isForeign } from "./same-origin.js";
import { TusStore, type UploadStore } from "./tus-store.js";

const PATH = "/uploads";
/** Digests of what was stored, in the answer to the last piece: of the whole, and as browsers can make it. */
const DIGEST_HEADER = "Postern-Sha256";
const BLOCKS_HEADER = "Postern-Blocks-Sha256";

export interface UploadParts {
  readonly config: ServerConfig;
  readonly store: UploadStore;
  readonly recipients: Recipients;
  readonly departure: Departure;
  readonly log: OperatorLog;
  readonly now: () => Date;
}

/** An answer that @tus/server passes on: a status and a code, never anything of what was sent. */
interface Refusal {
  readonly status_code: number;
  readonly body: string;
}

const refusal = (status: number, code: string): Refusal => ({ status_code: status, body: `${code}\n` });

/**
 * `/uploads`: tus 1.0.0 with creation, deferred length and expiration, for ciphertext only. There is no way to get
 * anything back and none to delete: an upload that is declared complete too early is not a message, and removed as such.
 */
export function publishUploads(app: Express, { config, store, recipients, departure, log, now }: UploadParts): void {
  const { uploads } = store;
  const tus = new Server({
    path: PATH,
    datastore: new TusStore(uploads),
    relativeLocation: true,
    // No other site's page may read an answer.
    allowedOrigins: [],
    exposedHeaders: [DIGEST_HEADER, BLOCKS_HEADER],
    maxSize: largestMessage(config),
    namingFunction: () => randomHex(16),
    getFileIdFromRequest: (_request, last) => (last !== undefined && isSubmissionId(last) ? last : undefined),
    onUploadCreate: async (_request, upload) => {
      if (upload.metadata !== undefined) throw refusal(400, "no_metadata");
      if (!usable(recipients, now())) throw refusal(503, "key_expired");
      const free = await uploads.free();
      if (free !== null && free - (upload.size ?? 0) < config.minFree) throw refusal(507, "no_space");
      return {};
    },
    onUploadFinish: async (_request, { id }) => {
      const { stored } = await uploads.state(id);
      if (stored !== null) return { headers: told(stored) };
      const digests = await inspect(store, id, recipients);
      try {
        await uploads.finish(id, digests);
        log.mended("storing");
      } catch (cause) {
        log.failing("storing", "cannot_store", cause);
        throw refusal(503, "cannot_store");
      }
      return { headers: told(digests) };
    },
    onResponseError: (_request, error) => {
      if ("status_code" in error) return { status_code: error.status_code, body: error.body };
      log.failing("uploads", "internal", error);
      return refusal(503, "cannot_store");
    },
  } satisfies Partial<ConstructorParameters<typeof Server>[0]> as ConstructorParameters<typeof Server>[0]);

  const handle = (request: Request, response: Response, next: NextFunction) => {
    if (isForeign(request)) response.status(403).type("text").send("foreign_origin\n");
    // What has come so far stays; the client asks again, and goes on with the next process.
    else if (departure.begun && request.method !== "HEAD") response.status(503).type("text").send("cannot_store\n");
    else tus.handle(request, response).catch(next);
  };
  app.post(PATH, handle).options(PATH, handle);
  app.head(`${PATH}/:id`, handle).patch(`${PATH}/:id`, handle).options(`${PATH}/:id`, handle);
}

function told({ sha256, blocks }: Digests): Record<string, string> {
  return { [DIGEST_HEADER]: sha256, [BLOCKS_HEADER]: blocks };
}

function usable(recipients: Recipients, date: Date): boolean {
  try {
    recipients.at(date);
    return true;
  } catch (cause) {
    if (cause instanceof RecipientsError) return false;
    throw cause;
  }
}

/**
 * Reads the whole upload once: is it one encrypted message, to nobody but hidden or known recipients? What is not is
 * removed.
 */
async function inspect({ uploads }: UploadStore, id: string, recipients: Recipients): Promise<Digests> {
  const hash = createHash("sha256");
  const blocks = new BlockDigest();
  const inspector = new MessageInspector();
  try {
    for await (const chunk of await uploads.read(id)) {
      inspector.push(chunk);
      hash.update(chunk);
      await blocks.push(chunk);
    }
    if (!isForRecipients(inspector.finish(), recipients)) throw refusal(422, "unknown_recipient");
    return { sha256: hash.digest("hex"), blocks: await blocks.finish() };
  } catch (cause) {
    if (cause instanceof MessageError) {
      await uploads.discard(id);
      throw refusal(422, cause.code);
    }
    if (cause instanceof Error) throw cause;
    await uploads.discard(id);
    throw cause;
  }
}
