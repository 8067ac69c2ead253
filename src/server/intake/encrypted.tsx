import type { Readable } from "node:stream";
import type { Express, Request, Response } from "express";
import type { StorageEngine } from "multer";
import { Fault } from "../../core/index.js";
import { type OperatorLog, partStream, render } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import { ArmorError, holdsSecretKey, MessageError, withoutArmor } from "../../openpgp/index.js";
import { type Store, StoreError } from "../../store/index.js";
import type { Gate, Space, Tally } from "../admission/index.js";
import type { ServerConfig } from "../config.js";
import { recipientsGuard, UnknownRecipientError } from "../known-recipients.js";
import { largestMessage } from "../message-limit.js";
import { type EncryptedFault, EncryptedPage, EncryptedReceiptPage } from "../pages/encrypted-page.js";
import type { Portal } from "../pages/layout.js";
import type { Recipients } from "../recipients.js";
import type { Departure } from "../shutdown.js";
import { readBody } from "./request-body.js";

export interface EncryptedParts {
  readonly config: ServerConfig;
  readonly portal: Portal;
  readonly store: Store;
  readonly recipients: Recipients;
  readonly departure: Departure;
  readonly gate: Gate;
  readonly space: Space;
  readonly log: OperatorLog;
}

class TooLargeError extends Fault<"too_large"> {}

/** What is refused is read this many times over the limit, so that its browser gets to show why. */
const PATIENCE = 4;
const STATUS: Readonly<Partial<Record<EncryptedFault, number>>> = {
  none: 400,
  several: 400,
  too_large: 413,
  busy: 503,
  cannot_store: 503,
  too_many_requests: 429,
  no_space: 507,
};

/**
 * `/{lang}/encrypted`: takes a file that is encrypted already, armored or not, without a script. It goes through the inspector
 * into the store as it comes; nothing of anything else is written.
 */
export function publishEncrypted(app: Express, parts: EncryptedParts): void {
  const { config, portal, departure, gate, space } = parts;
  for (const texts of portal.languages) {
    const path = `/${texts.language}/encrypted`;
    const show = (response: Response, fault: EncryptedFault | null) =>
      response
        .status(fault === null ? 200 : (STATUS[fault] ?? 422))
        .send(render(<EncryptedPage portal={portal} texts={texts} fault={fault} />));
    app.get(path, (_request: Request, response: Response) => void show(response, null));
    app.post(path, async (request: Request, response: Response) => {
      const intake = new EncryptedIntake(parts);
      const needed = Math.min(Number(request.headers["content-length"] ?? 0), largestMessage(config));
      // A store that does not answer now may do when the file has come.
      if ((await space.shortage(needed).catch(() => null)) !== null) intake.fault = "no_space";
      intake.fault = gate.verdict(request) ?? intake.fault;
      if (departure.begun) intake.fault = "cannot_store";
      const body = await readBody(request, response, intake, PATIENCE * largestMessage(config));
      if (body.fault === "gone") return intake.undo();
      if (intake.fault === null && intake.stored === null) intake.fault = "none";
      if (intake.fault === null) response.send(renderReceipt(portal, texts));
      else {
        await intake.undo();
        show(response, intake.fault);
      }
    });
  }
}

function renderReceipt(portal: Portal, texts: Texts): string {
  return render(<EncryptedReceiptPage portal={portal} texts={texts} />);
}

/** Where multer puts the one file: through the inspector into the store. */
class EncryptedIntake implements StorageEngine {
  fault: EncryptedFault | null = null;
  /** Id of what has been stored. */
  stored: string | null = null;
  readonly #parts: EncryptedParts;
  #files = 0;

  constructor(parts: EncryptedParts) {
    this.#parts = parts;
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
        this.fault = faultOf(cause);
        if (this.fault === "cannot_store") this.#parts.log.failing("storing", "cannot_store", cause);
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
    if (this.stored !== null) await this.#parts.store.remove(this.stored);
    this.stored = null;
  }

  async #keep(file: Readable): Promise<void> {
    const { config, recipients, store, space, log } = this.#parts;
    const tally = space.tally();
    const message = partStream(file, {
      maxBytes: largestMessage(config),
      error: new TooLargeError("too_large", "the file is too large"),
    })
      .pipeThrough(withoutArmor())
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

/** Tells a secret key from other things that are not messages: whoever sends one has to know. */
function noSecretKey(): TransformStream<Uint8Array, Uint8Array> {
  let begun = false;
  return new TransformStream({
    transform(chunk, controller) {
      if (!begun && holdsSecretKey(chunk)) throw new ArmorError("secret_key", "this is a secret key");
      begun = true;
      controller.enqueue(chunk);
    },
  });
}

function faultOf(cause: unknown): EncryptedFault {
  for (let next = cause; next instanceof Error; next = next.cause) {
    if (next instanceof TooLargeError || next instanceof UnknownRecipientError) return next.code;
    if (next instanceof StoreError && next.code === "no_space") return "no_space";
    if (next instanceof ArmorError) return ARMOR_FAULTS[next.code];
    if (next instanceof MessageError) return MESSAGE_FAULTS[next.code] ?? "damaged";
  }
  return "cannot_store";
}

const ARMOR_FAULTS: Readonly<Record<ArmorError["code"], EncryptedFault>> = {
  not_armor: "not_encrypted",
  malformed: "damaged",
  truncated: "damaged",
  bad_checksum: "damaged",
  trailing_data: "trailing_data",
  secret_key: "secret_key",
  wrong_kind: "not_a_message",
};

const MESSAGE_FAULTS: Readonly<Partial<Record<MessageError["code"], EncryptedFault>>> = {
  empty: "none",
  not_openpgp: "not_encrypted",
  not_encrypted: "not_a_message",
  password_encrypted: "password",
  trailing_data: "trailing_data",
};
