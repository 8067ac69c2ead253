import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import {
  entryName,
  formatReceiptCode,
  parseReceiptCode,
  ReceiptCodeError,
  type ReplyAddress,
} from "../../core/index.js";
import { followUpForm } from "../../form/index.js";
import { render, staticAnswer } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import { openReply } from "../../openpgp/index.js";
import { nullIfNotFound, type StoredReply, StoreError } from "../../store/index.js";
import { BusyError, FairQueue, Lifetime, RateLimit } from "../admission/index.js";
import type { Context } from "../context.js";
import { statusOf } from "../http/index.js";
import { FollowUpPage } from "../pages/form-page.js";
import { RefusalPage } from "../pages/refusal-page.js";
import { type ReadReply, RepliesPage, RepliesPlainPage } from "../pages/replies-page.js";

/** Readings that may begin in a second: each costs half a second of a core, and longer queues help nobody. */
const RATE = { perVisitor: 3, all: 30 };
/** A code and a few words. */
const MAX_BODY = "4kb";
/** A reply is opened in memory: one at a time, and so many people waiting. */
const MAX_WAITING = 20;
const WAIT_TIMEOUT_MS = 60_000;

/**
 * Replies for people without JavaScript: `GET /{lang}/replies/plain` asks for the receipt code, `POST /{lang}/replies`
 * reads, saves a document, deletes, or leads on to the form. The server derives, decrypts in memory, shows and forgets.
 */
export function publishReplies(app: Express, context: Context): void {
  const { portal, addresses, gate, formIn } = context;
  const { mailboxes } = context.store;
  const rate = new RateLimit(RATE);
  const opening = new FairQueue({ parallel: 1, maxWaiting: MAX_WAITING, waitTimeoutMs: WAIT_TIMEOUT_MS });
  const open = (request: Request, { mailbox, key }: ReplyAddress, id: string) => {
    const work = async () => openReply(await mailboxes.getReply(mailbox, id), key);
    return opening.pass(gate.visitor(request), work, Lifetime.of(request).signal);
  };
  const body: RequestHandler = express.urlencoded({ extended: false, limit: MAX_BODY, parameterLimit: 10 });

  async function read(request: Request, address: ReplyAddress, { id, day }: StoredReply): Promise<ReadReply> {
    try {
      const { text, files, opened } = await open(request, address, id);
      return { id, day, text, opened, files: files.map(({ name, content }) => ({ name, bytes: content.length })) };
    } catch (cause) {
      if (cause instanceof BusyError) throw cause;
      // A reply that is damaged or not to be opened with this key is told, and can be deleted.
      return { id, day, text: null, opened: null, files: [] };
    }
  }

  /** The form with the code in it, for a follow-up. */
  function renderForm(texts: Texts, code: string): string {
    const receiptCode = formatReceiptCode(code);
    const form = followUpForm(formIn(texts), texts.say("form-enough"));
    return render(<FollowUpPage portal={portal} texts={texts} form={form} receiptCode={receiptCode} />);
  }

  async function answer(request: Request, response: Response, texts: Texts): Promise<void> {
    const fields = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    const field = (name: string) => (typeof fields[name] === "string" ? fields[name] : "");
    const typed = field("receipt-code");
    let code: string;
    try {
      code = parseReceiptCode(typed);
    } catch (cause) {
      if (!(cause instanceof ReceiptCodeError)) throw cause;
      response
        .status(400)
        .send(render(<RepliesPlainPage portal={portal} texts={texts} typed={typed} fault={cause.code} />));
      return;
    }
    const action = field("action");
    if (action === "more") return void (await gate.inTurn(request, () => response.send(renderForm(texts, code))));
    const address = await addresses.find(code, gate.visitor(request), Lifetime.of(request).signal);
    const id = field("reply");
    if (action === "save") return save(response, await open(request, address, id), Number(field("file")));
    if (action === "delete") await mailboxes.removeReply(address.mailbox, id).catch(nullIfNotFound);
    const replies: ReadReply[] = [];
    for (const stored of await mailboxes.listReplies(address.mailbox)) {
      replies.push(await read(request, address, stored));
    }
    const deleted = action === "delete";
    const page = <RepliesPage portal={portal} texts={texts} code={code} replies={replies} deleted={deleted} />;
    await gate.inTurn(request, () => response.send(render(page)));
  }

  for (const texts of portal.languages) {
    const path = `/${texts.language}/replies`;
    const ask = render(<RepliesPlainPage portal={portal} texts={texts} typed="" fault={null} />);
    app.get(`${path}/plain`, staticAnswer("text/html", ask));
    const refuse = (response: Response, code: "busy" | "too_many_requests", seconds: number) => {
      response.status(statusOf(code)).setHeader("Retry-After", String(seconds));
      response.send(render(<RefusalPage portal={portal} texts={texts} code={code} again={null} />));
    };
    const slowly: RequestHandler = (request, response, next) => {
      const refusal = gate.refusal(request);
      if (refusal !== null) return refuse(response, refusal, 30);
      rate.mayPass(gate.visitor(request)).then((passes) => {
        if (passes) next();
        else refuse(response, "too_many_requests", 60);
      }, next);
    };
    app.post(path, slowly, body, async (request: Request, response: Response) => {
      try {
        await Lifetime.of(request).during(() => answer(request, response, texts));
      } catch (cause) {
        if (cause instanceof StoreError && cause.code === "not_found") {
          response.redirect(303, `${path}/plain`);
          return;
        }
        if (!(cause instanceof BusyError)) throw cause;
        refuse(response, "busy", 30);
      }
    });
  }
}

/** One document, to be saved and never shown: whatever it is, it does not run here. */
function save(response: Response, { files }: Awaited<ReturnType<typeof openReply>>, index: number): void {
  const file = files[index];
  if (file === undefined) throw new StoreError("not_found", "the reply has no such document");
  response
    .attachment(entryName(index + 1, file.name))
    .type("application/octet-stream")
    .send(Buffer.from(file.content));
}
