import type { Express, Request, RequestHandler, Response } from "express";
import multer from "multer";
import { AcknowledgementError, Fault, readAcknowledgement } from "../core/index.js";
import { partStream, render } from "../http/index.js";
import { type Acknowledged, acknowledge } from "./acknowledgement.js";
import { type Context, field, signedInPageFor } from "./context.js";
import { bringReply } from "./import-reply.js";
import { AcknowledgedPage, BroughtPage, type BroughtReply, FaultPage } from "./pages/answer-pages.js";
import { CSRF_FIELD } from "./pages/layout.js";

/** An acknowledgement of 10^5 submissions has 12 MiB. */
const LONGEST_ACKNOWLEDGEMENT = 32 * 1024 * 1024;
const MOST_REPLIES = 500;

/** What comes back from the desk: `POST /{lang}/acknowledge` and `POST /{lang}/replies`. */
export function publishBring(app: Express, context: Context): void {
  const { guard, submissions, mailboxes, ledger, audit, languages, now } = context;
  const limits = {
    fieldSize: LONGEST_ACKNOWLEDGEMENT,
    fileSize: LONGEST_ACKNOWLEDGEMENT,
    files: 1,
    fields: 5,
    parts: 10,
  };
  const text = multer({ storage: multer.memoryStorage(), limits }).single("file");
  for (const texts of languages) {
    const root = `/${texts.language}`;
    app.post(`${root}/acknowledge`, text, guard.ours, async (request: Request, response: Response) => {
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
    app.post(`${root}/replies`, replies(), guard.ours, async (_request: Request, response: Response) => {
      const page = signedInPageFor(context, texts, response);
      const brought = outcomesOf(response);
      const count = brought.filter(({ outcome }) => outcome === "taken").length;
      if (count > 0) await audit.add({ who: page.session.name, action: "replies_brought", count });
      response.send(render(<BroughtPage {...page} replies={brought} />));
    });
  }

  /** Streams each file into its mailbox as it comes; one that is refused does not keep the others from it. */
  function replies(): RequestHandler {
    const storage: multer.StorageEngine = {
      _handleFile(request, file, done) {
        const { res: response } = request;
        if (response === undefined || !guard.isOurs(response, (request.body as Record<string, unknown>)[CSRF_FIELD])) {
          file.stream.resume().once("end", () => done(null, {}));
          return;
        }
        const note = (outcome: BroughtReply["outcome"]) => {
          outcomesOf(response).push({ name: file.originalname, outcome });
          file.stream.resume();
          done(null, {});
        };
        bringReply(mailboxes, file.originalname, partStream(file.stream)).then(
          ({ known }) => note(known ? "known" : "taken"),
          (cause: unknown) => (cause instanceof Fault ? note({ code: String(cause.code) }) : done(cause)),
        );
      },
      _removeFile: (_request, _file, done) => done(null),
    };
    const parse = multer({ storage, defParamCharset: "utf8", limits: { files: MOST_REPLIES, fields: 5 } }).array(
      "reply",
    );
    return (request, response, next) => {
      response.locals.brought = [];
      parse(request, response, next);
    };
  }
}

function outcomesOf(response: Response): BroughtReply[] {
  return response.locals.brought as BroughtReply[];
}
