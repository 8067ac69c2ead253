import type { Express, Request, Response } from "express";
import type { OperatorLog } from "../../http/index.js";
import { type Digests, StoreError } from "../../store/index.js";
import { BusyError, type Gate, type Space } from "../admission/index.js";
import type { ServerConfig } from "../config.js";
import { isForeign } from "../http/same-origin.js";
import { largestMessage } from "../message-limit.js";
import { type Recipients, RecipientsError } from "../recipients.js";
import type { Departure } from "../shutdown.js";
import type { UploadStore } from "../upload-store.js";
import { ArrivingUploads } from "./arriving-uploads.js";
import { type Answer, TUS_VERSION, Tus, UnacceptableUpload, UploadRefusal } from "./tus/index.js";
import { storeWhole } from "./whole-upload.js";

const PATH = "/uploads";
/** Digests of what was stored, in the answer to the last piece: of the whole, and as browsers can make it. */
const DIGEST_HEADER = "Postern-Sha256";
const BLOCKS_HEADER = "Postern-Blocks-Sha256";
/** A solved task, which is asked for under pressure only. */
const PROOF_HEADER = "Postern-Proof";

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

/**
 * `/uploads`: tus 1.0.0 with creation, deferred length and expiration, for ciphertext only. There is no way to get
 * anything back and none to delete: an upload that is declared complete too early is not a message, and removed as such.
 */
export function publishUploads(app: Express, parts: UploadParts): void {
  const { config, store, recipients, gate, space, log, now } = parts;
  const arriving = new ArrivingUploads();
  const shared = { store, recipients, arriving, log };
  const tus = new Tus({
    path: PATH,
    uploads: store.uploads,
    longest: largestMessage(config),
    now,
    mayBegin: async (size) => {
      if (!usable(recipients, now())) throw new UploadRefusal("key_expired");
      if ((await space.shortage(size)) !== null) throw new UploadRefusal("no_space");
    },
    follow: (id, offset, pieces) => arriving.follow(id, offset, space.whileRoom(pieces)),
    whole: async (request, id, bytes) => {
      const work = () => storeWhole(shared, id);
      return told(await gate.uploads(bytes).pass(gate.visitor(request), work));
    },
  });

  /** Answers with what `act` says; whatever happens, with a status and a code, never anything of what was sent. */
  const answering =
    (act: (request: Request) => Answer | Promise<Answer>) => async (request: Request, response: Response) => {
      response.setHeader("Tus-Resumable", TUS_VERSION);
      try {
        await refuseForeseeably(parts, request);
        const { status, headers } = await act(request);
        response.writeHead(status, headers).end();
      } catch (cause) {
        const { status, code } = refusalFor(cause, request, log);
        response.status(status).type("text").send(`${code}\n`);
        // What is still to come is read and thrown away: a browser that is sending shows no answer before it has sent.
        request.resume();
      }
    };
  app.get("/challenge", async (request: Request, response: Response) => {
    try {
      if (isForeign(request)) throw new UploadRefusal("foreign_origin");
      response.json(await gate.proofs.challenge(gate.visitor(request)));
    } catch (cause) {
      const { status, code } = refusalFor(cause, request, log);
      if (code === "busy") response.setHeader("Retry-After", "10");
      response.status(status).type("text").send(`${code}\n`);
    }
  });
  const describe = answering(() => tus.describe());
  app
    .post(
      PATH,
      answering((request) => tus.create(request)),
    )
    .options(PATH, describe);
  app
    .head(
      `${PATH}/:id`,
      answering((request) => tus.tell(request, String(request.params.id))),
    )
    .patch(
      `${PATH}/:id`,
      answering((request) => tus.add(request, String(request.params.id))),
    )
    .options(`${PATH}/:id`, describe);
}

/** @throws UploadRefusal for what is not even looked at. What has come of an upload so far stays: the client asks again. */
async function refuseForeseeably({ departure, gate, space }: UploadParts, request: Request): Promise<void> {
  if (isForeign(request)) throw new UploadRefusal("foreign_origin");
  if (request.method === "HEAD" || request.method === "OPTIONS") return;
  if (departure.begun) throw new UploadRefusal("cannot_store");
  const verdict = gate.verdict(request);
  if (verdict !== null) throw new UploadRefusal(verdict);
  if (request.method === "POST" && gate.pressed && !(await gate.proofs.accept(request.get(PROOF_HEADER)))) {
    throw new UploadRefusal("proof_of_work");
  }
  // What was begun may be finished, out of what is kept free for that.
  const length = Number(request.headers["content-length"] ?? 0);
  const full = request.method === "PATCH" && !(await space.mayGoOn(length).catch(() => true));
  if (full) throw new UploadRefusal("no_space");
}

/** What an error is answered with. One of ours is written to the log. */
function refusalFor(
  cause: unknown,
  request: Request,
  log: OperatorLog,
): { readonly status: number; readonly code: string } {
  if (cause instanceof UploadRefusal || cause instanceof UnacceptableUpload) return cause;
  if (cause instanceof BusyError) return new UploadRefusal("busy");
  if (cause instanceof StoreError && cause.code === "no_space") return new UploadRefusal("no_space");
  if (cause instanceof StoreError && cause.code === "not_found") return new UploadRefusal("not_found");
  const gone = request.destroyed && !request.complete;
  if (!gone) log.failing("uploads", "internal", cause);
  return new UploadRefusal("cannot_store");
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
