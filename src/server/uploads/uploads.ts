import type { IncomingMessage } from "node:http";
import type { Express, Request, Response } from "express";
import { isMailboxId, MAX_DRAFT_MESSAGE_BYTES } from "../../core/index.js";
import type { OperatorLog } from "../../http/index.js";
import { type Digests, StoreError } from "../../store/index.js";
import { Lifetime, preflight } from "../admission/index.js";
import type { Context } from "../context.js";
import { type AnyOriginParts, anyOrigin, asData, isForeign } from "../http/index.js";
import { largestMessage } from "../message-limit.js";
import { type Recipients, RecipientsError, requireOurs } from "../recipients/index.js";
import { refusalFor } from "../refusals.js";
import { ArrivingUploads } from "./arriving-uploads.js";
import { withSignature } from "./signed-state.js";
import { type Answer, TUS_VERSION, Tus, UnacceptableUpload, UploadRefusal } from "./tus/index.js";
import { storeDraft, storeWhole } from "./whole-upload.js";

const PATH = "/uploads";
/** Digests of what was stored, in the answer to the last piece: of the whole, and as browsers can make it. */
const DIGEST_HEADER = "Postern-Sha256";
const BLOCKS_HEADER = "Postern-Blocks-Sha256";
/** A solved task, which is asked for under pressure only. */
const PROOF_HEADER = "Postern-Proof";

/** What an offline form asks and is told. */
const ANY_ORIGIN: AnyOriginParts = {
  methods: "HEAD, POST, PATCH",
  asked: [
    "content-type",
    "postern-proof",
    "tus-resumable",
    "upload-defer-length",
    "upload-length",
    "upload-offset",
    "x-http-method-override",
  ],
  answered: ["location", "postern-blocks-sha256", "postern-signature", "tus-resumable", "upload-offset"],
};

/** On every request of an upload that becomes a draft: the mailbox that it is for. */
const DRAFT_HEADER = "Postern-Draft";

/**
 * `/uploads`: tus 1.0.0 with creation, deferred length and expiration, for ciphertext only. There is no way to get
 * anything back and none to delete: an upload that is declared complete too early is not a message, and removed as
 * such. With `Postern-Draft` it is a message with a password, and becomes the draft in that mailbox.
 */
export function publishUploads(app: Express, context: Context): void {
  const { config, store, recipients, gate, proofs, capacity, log, now, keyClock } = context;
  const arriving = new ArrivingUploads(store.uploads, (named) => requireOurs(named, recipients));
  const tus = new Tus({
    path: PATH,
    uploads: store.uploads,
    longest: largestMessage(config),
    now,
    onCreate: async (request, size) => {
      draftOf(request);
      const visitor = gate.visitor(request);
      if (!usable(recipients, keyClock.now())) throw new UploadRefusal("key_expired");
      if (!(await capacity.mayBegin(visitor))) throw new UploadRefusal(visitor === null ? "busy" : "too_many_requests");
      if ((await capacity.shortageFor(visitor, size)) !== null) throw new UploadRefusal("no_space");
    },
    onCreated: (request, id) => capacity.uploads.begin(id, gate.visitor(request)),
    onPiece: (request, id, offset, pieces) => {
      const lock = draftOf(request) === null ? "recipients" : "password";
      const bytes = offset + Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY);
      if (lock === "password" && !(bytes <= MAX_DRAFT_MESSAGE_BYTES)) throw new UploadRefusal("too_large");
      // After a restart nobody knows whose it was.
      capacity.uploads.begin(id, gate.visitor(request), offset);
      Lifetime.of(request).hold(capacity.uploads.use(id));
      return arriving.inspected(id, offset, capacity.whileRoom(id, pieces), lock);
    },
    onGone: (id) => capacity.uploads.end(id),
    onComplete: async (request, id, bytes) => {
      const draft = draftOf(request);
      const work = () =>
        draft === null ? storeWhole(context, arriving, id) : storeDraft(context, arriving, id, draft);
      const digests = await gate.uploads(bytes).pass(gate.visitor(request), work, Lifetime.of(request).signal);
      capacity.uploads.end(id);
      return told(digests);
    },
  });

  /** The mailbox of the draft that a request belongs to; null for a submission. @throws UploadRefusal */
  function draftOf({ headers }: IncomingMessage): string | null {
    const mailbox = headers[DRAFT_HEADER.toLowerCase()];
    if (mailbox === undefined) return null;
    if (typeof mailbox !== "string" || !isMailboxId(mailbox)) throw new UploadRefusal("bad_request");
    if (config.draftDays === null) throw new UploadRefusal("not_supported");
    return mailbox;
  }

  /** Answers with what `act` says; whatever happens, with a status and a code, never anything of what was sent. */
  const answering =
    (act: (request: Request) => Answer | Promise<Answer>, idOf: (request: Request) => string | null = () => null) =>
    async (request: Request, response: Response) => {
      response.setHeader("Tus-Resumable", TUS_VERSION);
      try {
        const { status, headers } = await Lifetime.of(request).during(async () => {
          await refuseForeseeably(context, request);
          return withSignature(await act(request), idOf(request), BLOCKS_HEADER, config.ways?.key ?? null);
        });
        response.writeHead(status, headers).end();
      } catch (cause) {
        const { status, code } = answerTo(cause, request, log);
        response.status(status).type("text").send(`${code}\n`);
        // What is still to come is read and thrown away: a browser that is sending shows no answer before it has sent.
        request.resume();
      }
    };
  app.use([PATH, "/challenge"], asData);
  if (config.ways !== null) app.use([PATH, "/challenge"], anyOrigin(ANY_ORIGIN));
  app.get("/challenge", async (request: Request, response: Response) => {
    try {
      if (isShutOut(context, request)) throw new UploadRefusal("foreign_origin");
      response.json(await proofs.challenge(gate.visitor(request)));
    } catch (cause) {
      const { status, code } = answerTo(cause, request, log);
      if (code === "busy") response.setHeader("Retry-After", "10");
      response.status(status).type("text").send(`${code}\n`);
    }
  });
  const describe = answering(() => tus.describe());
  const idOf = ({ params }: Request) => String(params.id);
  app
    .post(
      PATH,
      answering((request) => tus.create(request)),
    )
    .options(PATH, describe);
  app
    .head(
      `${PATH}/:id`,
      answering((request) => tus.tell(request, idOf(request)), idOf),
    )
    .patch(
      `${PATH}/:id`,
      answering((request) => tus.add(request, idOf(request)), idOf),
    )
    .options(`${PATH}/:id`, describe);
}

/** Whether another site's page asks, and no offline form may send. */
function isShutOut({ config }: Context, request: Request): boolean {
  return config.ways === null && isForeign(request);
}

/** @throws UploadRefusal before a body is read. What has come of an upload stays: the client asks again. */
async function refuseForeseeably(context: Context, request: Request): Promise<void> {
  const { gate, proofs } = context;
  if (isShutOut(context, request)) throw new UploadRefusal("foreign_origin");
  if (request.method === "HEAD" || request.method === "OPTIONS") return;
  const begins = request.method === "POST";
  // One that begins says its size to tus, which asks for room then.
  const bytes = begins ? 0 : Number(request.headers["content-length"] ?? 0);
  const refusal = await preflight(context, request, bytes, !begins);
  if (refusal !== null) throw new UploadRefusal(refusal);
  if (begins && gate.overloaded && !(await proofs.accept(request.get(PROOF_HEADER)))) {
    throw new UploadRefusal("proof_of_work");
  }
}

/** What an error is answered with. One of ours is written to the log. */
function answerTo(
  cause: unknown,
  request: Request,
  log: OperatorLog,
): { readonly status: number; readonly code: string } {
  if (cause instanceof UploadRefusal || cause instanceof UnacceptableUpload) return cause;
  if (cause instanceof StoreError && cause.code === "not_found") return new UploadRefusal("not_found");
  const refusal = refusalFor(cause);
  // All of it may have arrived before the visitor went, and not have been read yet.
  const gone = request.destroyed && !request.readableEnded;
  if (refusal === "cannot_store" && !gone) log.failing("uploads", "internal", cause);
  return new UploadRefusal(refusal);
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
