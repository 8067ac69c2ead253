import type { Express, Request, RequestHandler, Response } from "express";
import multer from "multer";
import { AcknowledgementError, Fault, readAcknowledgement } from "../core/index.js";
import { partStream, render } from "../http/index.js";
import { type Acknowledged, acknowledge } from "./acknowledgement.js";
import { type Context, field, signedInPageFor } from "./context.js";
import { importReply } from "./import-reply.js";
import { AcknowledgedPage, FaultPage, ImportedRepliesPage, type ImportedReply } from "./pages/answer-pages.js";
import { CSRF_FIELD } from "./pages/layout.js";

/** An acknowledgement of 100 000 submissions takes 12 MiB. */
const MAX_ACKNOWLEDGEMENT_BYTES = 32 * 1024 * 1024;
const MAX_REPLIES = 500;

/** Imports from the desk: `POST /{lang}/acknowledge` and `POST /{lang}/replies`. */
export function publishImports(app: Express, context: Context): void {
  const { guard, submissions, mailboxes, ledger, audit, languages, now } = context;
  const limits = {
    fieldSize: MAX_ACKNOWLEDGEMENT_BYTES,
    fileSize: MAX_ACKNOWLEDGEMENT_BYTES,
    files: 1,
    fields: 5,
    parts: 10,
  };
  const text = multer({ storage: multer.memoryStorage(), limits }).single("file");
  for (const texts of languages) {
    const root = `/${texts.language}`;
    app.post(`${root}/acknowledge`, text, guard.requireCsrfToken, async (request: Request, response: Response) => {
      const page = signedInPageFor(context, texts, response);
      const chosen = request.file?.buffer.toString("utf8") ?? "";
      try {
        const read = readAcknowledgement(chosen.trim() === "" ? field(request, "text") : chosen);
        const result: Acknowledged = await acknowledge(read, submissions, ledger, now());
        await audit.add({ who: page.session.name, action: "acknowledged", count: result.marked });
        response.send(render(<AcknowledgedPage {...page} result={result} />));
      } catch (cause) {
        if (!(cause instanceof AcknowledgementError)) throw cause;
        response.status(400).send(render(<FaultPage {...page} message={texts.say("acknowledge-malformed")} />));
      }
    });
    app.post(`${root}/replies`, replies(), guard.requireCsrfToken, async (_request: Request, response: Response) => {
      const page = signedInPageFor(context, texts, response);
      const imported = importedInto(response);
      const count = imported.filter(({ outcome }) => outcome === "taken").length;
      if (count > 0) await audit.add({ who: page.session.name, action: "replies_brought", count });
      response.send(render(<ImportedRepliesPage {...page} replies={imported} />));
    });
  }

  /** Streams each file into its mailbox as it arrives. A refused file does not stop the others. */
  function replies(): RequestHandler {
    const storage: multer.StorageEngine = {
      _handleFile(request, file, done) {
        const { res: response } = request;
        if (
          response === undefined ||
          !guard.hasCsrfToken(response, (request.body as Record<string, unknown>)[CSRF_FIELD])
        ) {
          file.stream.resume().once("end", () => done(null, {}));
          return;
        }
        const note = (outcome: ImportedReply["outcome"]) => {
          importedInto(response).push({ name: file.originalname, outcome });
          file.stream.resume();
          done(null, {});
        };
        importReply(mailboxes, file.originalname, partStream(file.stream)).then(
          ({ known }) => note(known ? "known" : "taken"),
          (cause: unknown) => (cause instanceof Fault ? note({ code: String(cause.code) }) : done(cause)),
        );
      },
      _removeFile: (_request, _file, done) => done(null),
    };
    const parse = multer({ storage, defParamCharset: "utf8", limits: { files: MAX_REPLIES, fields: 5 } }).array(
      "reply",
    );
    return (request, response, next) => {
      response.locals.imported = [];
      parse(request, response, next);
    };
  }
}

/** The replies imported by this request so far. */
function importedInto(response: Response): ImportedReply[] {
  return response.locals.imported as ImportedReply[];
}
