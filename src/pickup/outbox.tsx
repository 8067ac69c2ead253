import type { Express, Request, RequestHandler, Response } from "express";
import multer from "multer";
import {
  ACKNOWLEDGEMENT,
  DELETIONS,
  type DeletedSubmission,
  Fault,
  readAcknowledgement,
  readDeletionList,
} from "../core/index.js";
import { partStream, render } from "../http/index.js";
import { acknowledge } from "./acknowledgement.js";
import { type Context, signedInPageFor } from "./context.js";
import { compareDeletions } from "./deletion.js";
import { ImportReplyError, importReply } from "./import-reply.js";
import { CSRF_FIELD } from "./pages/layout.js";
import { type ImportedOutbox, OutboxPage } from "./pages/outbox-page.js";

/** A notice for each letter of a run. */
const MAX_FILES = 20_000;
/** An acknowledgement of 100 000 submissions takes 12 MiB. */
const MAX_TEXT_BYTES = 32 * 1024 * 1024;

/** What one request has brought so far. */
interface Brought {
  /** Texts by the names of the two lists. */
  readonly texts: Map<string, string>;
  taken: number;
  known: number;
  readonly refused: { readonly name: string; readonly code: string }[];
}

/** `POST /{lang}/outbox`: all that the desk has written for the server, in one go. */
export function publishOutbox(app: Express, context: Context): void {
  const { guard, submissions, ledger, audit, languages, now } = context;
  for (const texts of languages) {
    const path = `/${texts.language}/outbox`;
    app.post(path, receive(context), guard.requireCsrfToken, async (_request: Request, response: Response) => {
      const page = signedInPageFor(context, texts, response);
      const { texts: lists, taken, known, refused } = broughtBy(response);
      const acknowledgement = readList(lists, ACKNOWLEDGEMENT, readAcknowledgement, refused);
      const asked = readList(lists, DELETIONS, readDeletionList, refused) ?? ([] as readonly DeletedSubmission[]);
      if (taken > 0) await audit.add({ who: page.session.name, action: "replies_brought", count: taken });
      const acknowledged = acknowledgement && (await acknowledge(acknowledgement, submissions, ledger, now()));
      if (acknowledged !== null) {
        await audit.add({ who: page.session.name, action: "acknowledged", count: acknowledged.marked });
      }
      const deletions = await compareDeletions(asked, submissions, ledger);
      const outbox: ImportedOutbox = { acknowledged, taken, known, refused, deletions };
      response.send(render(<OutboxPage {...page} outbox={outbox} />));
    });
  }
}

/** Takes each file as it arrives: replies into their mailboxes, the two lists into memory. No file stops the others. */
function receive({ guard, mailboxes }: Context): RequestHandler {
  const storage: multer.StorageEngine = {
    _handleFile(request, file, done) {
      const { res: response } = request;
      const token = (request.body as Record<string, unknown>)[CSRF_FIELD];
      if (response === undefined || !guard.hasCsrfToken(response, token)) {
        file.stream.resume().once("end", () => done(null, {}));
        return;
      }
      const brought = broughtBy(response);
      take(file, brought).then(
        () => done(null, {}),
        (cause: unknown) => {
          file.stream.resume();
          if (!(cause instanceof Fault)) return done(cause);
          brought.refused.push({ name: file.originalname, code: String(cause.code) });
          done(null, {});
        },
      );
    },
    _removeFile: (_request, _file, done) => done(null),
  };
  async function take(file: Express.Multer.File, brought: Brought): Promise<void> {
    if (file.originalname === ACKNOWLEDGEMENT || file.originalname === DELETIONS) {
      brought.texts.set(file.originalname, await readText(file.stream));
      return;
    }
    const { known } = await importReply(mailboxes, file.originalname, partStream(file.stream));
    file.stream.resume();
    brought[known ? "known" : "taken"] += 1;
  }
  const limits = { files: MAX_FILES, fields: 5 };
  const parse = multer({ storage, defParamCharset: "utf8", limits }).array("outbox");
  return (request, response, next) => {
    response.locals.brought = { texts: new Map(), taken: 0, known: 0, refused: [] } satisfies Brought;
    parse(request, response, next);
  };
}

async function readText(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    // Read to its end, so that the files after it arrive.
    if (bytes <= MAX_TEXT_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_TEXT_BYTES) throw new ImportReplyError("too_large", "this is too large for a list");
  return Buffer.concat(chunks).toString("utf8");
}

function readList<List>(
  lists: ReadonlyMap<string, string>,
  name: string,
  read: (text: string) => List,
  refused: Brought["refused"],
): List | null {
  const text = lists.get(name);
  if (text === undefined) return null;
  try {
    return read(text);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    refused.push({ name, code: String(cause.code) });
    return null;
  }
}

function broughtBy(response: Response): Brought {
  return response.locals.brought as Brought;
}
