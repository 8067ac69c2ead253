import type { Readable } from "node:stream";
import type { Express, Request, Response } from "express";
import type { StorageEngine } from "multer";
import { Fault } from "../../core/index.js";
import { partStream, render, staticAnswer } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import { fileFault, noSecretKey, withoutArmor } from "../../openpgp/index.js";
import { StoreError } from "../../store/index.js";
import { Lifetime, preflight, type Tally } from "../admission/index.js";
import type { Context } from "../context.js";
import { securityHeaders, statusOf } from "../http/index.js";
import { largestMessage } from "../message-limit.js";
import { type EncryptedFault, EncryptedPage, EncryptedReceiptPage, ForwardPage } from "../pages/encrypted-page.js";
import type { Portal } from "../pages/layout.js";
import { recipientsGuard } from "../recipients/index.js";
import { refusalFor } from "../refusals.js";
import { scriptsFor } from "../site/index.js";
import { readBody, type SubmittedBody } from "./request-body.js";

class TooLargeError extends Fault<"too_large"> {}

/** A refused body is read up to this many times the limit, so that its browser shows the refusal. */
const MAX_REFUSED_FACTOR = 4;

/**
 * `/{lang}/encrypted`: takes a file that is encrypted already, armored or not, without a script. It streams through the
 * inspector into the store; nothing readable is written.
 */
export function publishEncrypted(app: Express, context: Context): void {
  const { config, portal } = context;
  for (const texts of portal.languages) {
    const path = `/${texts.language}/encrypted`;
    const show = (response: Response, fault: EncryptedFault) =>
      response.status(statusOf(fault)).send(render(<EncryptedPage portal={portal} texts={texts} fault={fault} />));
    const page = (
      <ForwardPage
        portal={portal}
        texts={texts}
        scripts={scriptsFor(context.client, context.recipients)}
        maxMessage={largestMessage(config)}
        words={context.pieces().of(texts).forwardWords}
        wordsWhole={context.pieces().of(texts).forwardWordsWhole}
      />
    );
    app.get(path, securityHeaders("forward"), staticAnswer("text/html", render(page)));
    const take = async (request: Request, response: Response) => {
      const maxBytes = largestMessage(config);
      const needed = Math.min(Number(request.headers["content-length"] ?? 0), maxBytes);
      const foreseen = await preflight(context, request, needed);
      const intake = new EncryptedIntake(context, context.gate.visitor(request), foreseen);
      const body = await readBody(request, response, intake, {
        maxBytes: MAX_REFUSED_FACTOR * maxBytes,
        mayKeepText: context.gate.textRoom(request),
      });
      if (body.fault === "gone") return intake.undo();
      intake.fault ??= faultOfBody(body, intake);
      if (intake.fault === null) response.send(renderReceipt(portal, texts, intake.outside));
      else {
        await intake.undo();
        show(response, intake.fault);
      }
    };
    app.post(path, (request: Request, response: Response) =>
      Lifetime.of(request).during(() => take(request, response)),
    );
  }
}

/** What came must be what is kept: one file, with all of its bytes. */
function faultOfBody({ files, fault }: SubmittedBody, intake: EncryptedIntake): EncryptedFault | null {
  const sent = files.filter(({ fileName, bytes }) => fileName !== "" || bytes > 0);
  if (sent.length > 1) return "several";
  if (intake.stored === null) return "none";
  return fault !== null || sent[0]?.bytes !== intake.received ? "damaged" : null;
}

function renderReceipt(portal: Portal, texts: Texts, outside: boolean): string {
  return render(<EncryptedReceiptPage portal={portal} texts={texts} outside={outside} />);
}

/** Where multer puts the one file: through the inspector into the store. */
class EncryptedIntake implements StorageEngine {
  fault: EncryptedFault | null;
  /** Id of what has been stored. */
  stored: string | null = null;
  /** Whether words stood around the encrypted part, which were not kept. */
  outside = false;
  /** Bytes of the file that have been read. */
  received = 0;
  readonly #context: Context;
  readonly #visitor: string | null;
  #files = 0;

  /** @param foreseen a fault that is known before the file comes: then it is thrown away */
  constructor(context: Context, visitor: string | null, foreseen: EncryptedFault | null) {
    this.#context = context;
    this.#visitor = visitor;
    this.fault = foreseen;
  }

  _handleFile(_request: unknown, { stream }: Express.Multer.File, done: (error?: unknown) => void): void {
    this.#files += 1;
    if (this.#files > 1) this.fault = "several";
    if (this.fault !== null) {
      stream.resume();
      done();
      return;
    }
    this.#keep(stream).then(
      () => done(),
      (cause: unknown) => {
        // What ended the body in its midst says nothing about the store.
        this.fault = stream.errored === null ? faultOf(cause) : "damaged";
        if (this.fault === "cannot_store") this.#context.log.failing("storing", "cannot_store", cause);
        // The rest of the body is read all the same.
        stream.resume();
        done();
      },
    );
  }

  _removeFile(_request: unknown, _file: unknown, done: (error: Error | null) => void): void {
    done(null);
  }

  /** Takes back what was stored before the whole request turned out to be no good. */
  async undo(): Promise<void> {
    if (this.stored !== null) await this.#context.store.remove(this.stored);
    this.stored = null;
  }

  async #keep(file: Readable): Promise<void> {
    const { config, recipients, store, capacity, log } = this.#context;
    const tally = capacity.tally(this.#visitor);
    const message = partStream(file, {
      maxBytes: largestMessage(config),
      error: new TooLargeError("too_large", "the file is too large"),
      onBytes: (bytes) => {
        this.received += bytes;
      },
    })
      .pipeThrough(
        withoutArmor(() => {
          this.outside = true;
        }),
      )
      .pipeThrough(within(tally))
      .pipeThrough(noSecretKey())
      .pipeThrough(recipientsGuard(recipients));
    try {
      this.stored = (await store.put(message)).id;
    } finally {
      tally.close();
    }
    log.mended("storing");
  }
}

/** Passes on what there is room for. */
function within(tally: Tally): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    async transform(chunk, controller) {
      if (!(await tally.add(chunk.length))) throw new StoreError("no_space", "there is no room for what is on its way");
      controller.enqueue(chunk);
    },
  });
}

function faultOf(cause: unknown): EncryptedFault {
  const fault = fileFault(cause);
  if (fault !== null) return fault;
  for (let next = cause; next instanceof Error; next = next.cause) {
    if (next instanceof TooLargeError) return next.code;
  }
  const refusal = refusalFor(cause);
  return refusal === "no_space" ? refusal : "cannot_store";
}
