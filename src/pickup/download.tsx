import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Express, NextFunction, Request, RequestHandler, Response } from "express";
import { dayOf } from "../core/index.js";
import { isSubmissionId, nullIfNotFound, type StoredSubmission, SUBMISSION_SUFFIX } from "../store/index.js";
import { packBatch } from "./batch.js";
import { type Context, field, fields } from "./context.js";
import { digestOf } from "./digest.js";
import { sessionOf } from "./guard.js";
import type { LedgerEntry } from "./ledger/index.js";

/**
 * `GET /{lang}/submissions/{id}`: one submission, with ranges. `POST /{lang}/collect`: many as one tar. Marks a
 * submission as collected once it has been sent completely.
 */
export function publishDownloads(app: Express, context: Context, body: RequestHandler): void {
  const { guard, submissions, ledger, languages, refuse } = context;
  for (const { language } of languages) {
    app.get(`/${language}/submissions/:id`, async (request: Request, response: Response, next: NextFunction) => {
      // A download marks the submission, so the link needs the CSRF token although it is a GET.
      if (!guard.hasCsrfToken(response, request.query.token)) return refuse(request, response, "foreign");
      const found = await submissions.find(String(request.params.id)).catch(nullIfNotFound);
      return found === null ? next() : sendOne(context, request, response, found);
    });
    app.post(`/${language}/collect`, body, guard.requireCsrfToken, async (request: Request, response: Response) => {
      const state = await ledger.read();
      const wanted = new Set(fields(request, "id").filter(isSubmissionId));
      const all = field(request, "all") === "new";
      const chosen: StoredSubmission[] = [];
      for await (const submission of submissions.list()) {
        if (all ? state.isNew(submission.id) : wanted.has(submission.id)) chosen.push(submission);
      }
      if (chosen.length === 0) return refuse(request, response, "nothing_chosen");
      await sendBatch(context, response, chosen);
    });
  }
}

async function sendOne(context: Context, request: Request, response: Response, found: StoredSubmission): Promise<void> {
  const { submissions } = context;
  const { id, bytes } = found;
  const range = request.range(bytes);
  response.setHeader("Accept-Ranges", "bytes");
  if (range === -1) {
    response.status(416).setHeader("Content-Range", `bytes */${bytes}`).end();
    return;
  }
  const [part] = Array.isArray(range) && range.type === "bytes" && range.length === 1 ? range : [];
  const { start, end } = part ?? { start: 0, end: bytes - 1 };
  response.attachment(id + SUBMISSION_SUFFIX).type("application/octet-stream");
  response.setHeader("Content-Length", end - start + 1);
  if (part !== undefined) response.status(206).setHeader("Content-Range", `bytes ${start}-${end}/${bytes}`);
  if (!(await send(response, await submissions.get(id, start, end + 1)))) return;
  // A client that asks for the last range has received the ranges before it.
  if (end === bytes - 1) await mark(context, response, [{ id, sha256: await digestOf(submissions, id) }]);
}

async function sendBatch(context: Context, response: Response, chosen: readonly StoredSubmission[]): Promise<void> {
  const packed: { id: string; sha256: string }[] = [];
  response.attachment(`submissions-${dayOf(context.now())}.tar`).type("application/x-tar");
  const tar = packBatch(chosen, context.submissions, (id, sha256) => packed.push({ id, sha256 }));
  if (await send(response, tar)) await mark(context, response, packed);
}

/** Returns whether everything was sent. On a broken connection the client sees a truncated body. */
async function send(response: Response, content: ReadableStream<Uint8Array>): Promise<boolean> {
  return pipeline(Readable.fromWeb(content as NodeReadableStream), response).then(
    () => true,
    () => false,
  );
}

async function mark(
  { ledger, audit, log, now }: Context,
  response: Response,
  collected: readonly { readonly id: string; readonly sha256: string }[],
): Promise<void> {
  const by = sessionOf(response).name;
  const entries = collected.map(
    ({ id, sha256 }): LedgerEntry => ({ kind: "collected", id, sha256, by, day: dayOf(now()) }),
  );
  try {
    await ledger.add(entries);
    await audit.add({ who: by, action: "collected", count: entries.length });
    log.mended("marking");
  } catch (cause) {
    // The response is complete. The submissions stay new, so staff will download them again.
    log.failing("marking", "not_marked", cause);
  }
}
