import type { IncomingMessage } from "node:http";
import { Server } from "@tus/server";
import type { Express, Request, Response } from "express";
import { MessageError, randomHex } from "../core/index.js";
import { type Digests, isSubmissionId } from "../store/index.js";
import type { OperatorLog } from "../web/index.js";
import { ArrivingMessage } from "./arriving-message.js";
import { ArrivingUploads } from "./arriving-uploads.js";
import type { ServerConfig } from "./config.js";
import type { Departure } from "./departure.js";
import { BusyError, type Gate, type Space } from "./gate/index.js";
import { isForRecipients } from "./known-recipients.js";
import { largestMessage } from "./message-limit.js";
import { type Recipients, RecipientsError } from "./recipients.js";
import { REFUSAL_STATUS } from "./refusal.js";
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
  readonly gate: Gate;
  readonly space: Space;
  readonly log: OperatorLog;
  readonly now: () => Date;
}

/** A solved task, which is asked for under pressure only. */
const PROOF_HEADER = "Postern-Proof";

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
export function publishUploads(app: Express, parts: UploadParts): void {
  const { config, store, recipients, gate, space, log, now } = parts;
  const { uploads } = store;
  const arriving = new ArrivingUploads();
  const tus = new Server({
    path: PATH,
    datastore: new TusStore(uploads, arriving, space),
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
      if ((await space.shortage(upload.size ?? 0)) !== null) throw refusal(507, "no_space");
      return {};
    },
    onUploadFinish: async (request, { id }) => {
      const from = request.runtime?.node?.req;
      const digests = await gate.uploads
        .pass(from === undefined ? null : gate.visitor(from as IncomingMessage), () => finish(parts, arriving, id))
        .catch((cause: unknown) => {
          throw cause instanceof BusyError ? refusal(503, "busy") : cause;
        });
      return { headers: told(digests) };
    },
    onResponseError: (_request, error) => {
      if ("status_code" in error) return { status_code: error.status_code, body: error.body };
      log.failing("uploads", "internal", error);
      return refusal(503, "cannot_store");
    },
  } satisfies Partial<ConstructorParameters<typeof Server>[0]> as ConstructorParameters<typeof Server>[0]);

  const answer = (response: Response, { status_code, body }: Refusal) => {
    response.status(status_code).type("text").send(body);
  };
  const handle = async (request: Request, response: Response): Promise<void> => {
    const refused = await foreseeableRefusal(parts, request);
    if (refused === null) await tus.handle(request, response);
    else answer(response, refused);
  };
  app.get("/challenge", async (request: Request, response: Response) => {
    if (isForeign(request)) return answer(response, refusal(403, "foreign_origin"));
    try {
      response.json(await gate.proofs.challenge(gate.visitor(request)));
    } catch (cause) {
      if (!(cause instanceof BusyError)) throw cause;
      answer(response.setHeader("Retry-After", "10"), refusal(503, "busy"));
    }
  });
  app.post(PATH, handle).options(PATH, handle);
  app.head(`${PATH}/:id`, handle).patch(`${PATH}/:id`, handle).options(`${PATH}/:id`, handle);
}

/** Why a request is not even looked at, or null. What has come of an upload so far stays: the client asks again. */
async function foreseeableRefusal({ departure, gate, space }: UploadParts, request: Request): Promise<Refusal | null> {
  if (isForeign(request)) return refusal(403, "foreign_origin");
  if (request.method === "HEAD" || request.method === "OPTIONS") return null;
  if (departure.begun) return refusal(503, "cannot_store");
  const verdict = gate.verdict(request);
  if (verdict !== null) return refusal(REFUSAL_STATUS[verdict], verdict);
  if (request.method === "POST" && gate.pressed && !(await gate.proofs.accept(request.get(PROOF_HEADER)))) {
    return refusal(429, "proof_of_work");
  }
  // What was begun may be finished, out of what is kept free for that.
  const length = Number(request.headers["content-length"] ?? 0);
  const full = request.method === "PATCH" && !(await space.mayGoOn(length).catch(() => true));
  return full ? refusal(507, "no_space") : null;
}

/** Makes what has come whole a submission, if it is one. */
async function finish(
  { store, recipients, log }: UploadParts,
  arriving: ArrivingUploads,
  id: string,
): Promise<Digests> {
  const { stored, offset } = await store.uploads.state(id);
  if (stored !== null) return stored;
  const message = arriving.take(id, offset) ?? (await readAgain(store, id));
  const digests = await judge(store, id, message, recipients);
  try {
    await store.uploads.finish(id, digests);
    log.mended("storing");
    return digests;
  } catch (cause) {
    log.failing("storing", "cannot_store", cause);
    throw refusal(503, "cannot_store");
  }
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

/** For an upload that was not followed from its beginning to its end. */
async function readAgain({ uploads }: UploadStore, id: string): Promise<ArrivingMessage> {
  const message = new ArrivingMessage();
  for await (const chunk of await uploads.read(id)) message.push(chunk);
  return message;
}

/** Is it one encrypted message, to nobody but hidden or known recipients? What is not is removed. */
async function judge(
  { uploads }: UploadStore,
  id: string,
  message: ArrivingMessage,
  recipients: Recipients,
): Promise<Digests> {
  try {
    const { report, digests } = message.finish();
    if (isForRecipients(report, recipients)) return digests;
  } catch (cause) {
    if (!(cause instanceof MessageError)) throw cause;
    await uploads.discard(id);
    throw refusal(422, cause.code);
  }
  await uploads.discard(id);
  throw refusal(422, "unknown_recipient");
}
