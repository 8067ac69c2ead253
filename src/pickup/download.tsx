import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Express, NextFunction, Request, RequestHandler, Response } from "express";
import { dayOf } from "../core/index.js";
import { isSubmissionId, nullIfNotFound, type StoredSubmission, SUBMISSION_SUFFIX } from "../store/index.js";
import { packBatch } from "./batch.js";
import { type Context, field, fields } from "./context.js";
import { digestOf } from "./digest.js";
import { DownloadTickets } from "./download-tickets.js";
import { sessionOf } from "./guard.js";
import type { LedgerEntry } from "./ledger/index.js";

/**
 * `POST /{lang}/submissions/{id}` leads to `GET /{lang}/downloads/{ticket}`: one submission, with ranges. `POST
 * /{lang}/collect`: many as one tar. Marks a submission as collected once it has been sent completely.
 */
export function publishDownloads(app: Express, context: Context, body: RequestHandler): void {
  const { guard, submissions, ledger, languages, refuse } = context;
  const tickets = new DownloadTickets();
  for (const { language } of languages) {
    const path = `/${language}/submissions/:id`;
    app.post(path, body, guard.requireCsrfToken, async (request: Request, response: Response, next: NextFunction) => {
      const found = await submissions.find(String(request.params.id)).catch(nullIfNotFound);
      if (found === null) return next();
      // A download marks the submission. The ticket allows that; the session's token must not stand in an address.
      response.redirect(303, `/${language}/downloads/${tickets.issue(sessionOf(response), found.id)}`);
    });
    app.get(`/${language}/downloads/:ticket`, async (request: Request, response: Response, next: NextFunction) => {
      const [session, ticket] = [sessionOf(response), String(request.params.ticket)];
      const id = tickets.find(session, ticket);
      const found = id === null ? null : await submissions.find(id).catch(nullIfNotFound);
      if (found === null) return next();
      if (await sendOne(context, request, response, found)) tickets.spend(session, ticket);
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

/** Returns whether the end of the submission was sent. */
async function sendOne(
  context: Context,
  request: Request,
  response: Response,
  found: StoredSubmission,
): Promise<boolean> {
  const { submissions } = context;
  const { id, bytes } = found;
  // Browsers resume a download only if it has a validator. What is stored under an id never changes.
  const etag = `"${id}"`;
  const range = [undefined, etag].includes(request.get("If-Range")) ? request.range(bytes) : undefined;
  response.setHeader("Accept-Ranges", "bytes").setHeader("ETag", etag);
  if (range === -1) {
    response.status(416).setHeader("Content-Range", `bytes */${bytes}`).end();
    return false;
  }
  const [part] = Array.isArray(range) && range.type === "bytes" && range.length === 1 ? range : [];
  const { start, end } = part ?? { start: 0, end: bytes - 1 };
  response.attachment(id + SUBMISSION_SUFFIX).type("application/octet-stream");
  response.setHeader("Content-Length", end - start + 1);
  if (part !== undefined) response.status(206).setHeader("Content-Range", `bytes ${start}-${end}/${bytes}`);
  if (request.method === "HEAD") {
    response.end();
    return false;
  }
  if (!(await send(response, await submissions.get(id, start, end + 1)))) return false;
  // A client that asks for the last range has received the ranges before it.
  if (end < bytes - 1) return false;
  await mark(context, response, [{ id, sha256: await digestOf(submissions, id) }]);
  return true;
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
