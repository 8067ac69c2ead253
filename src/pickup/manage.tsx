import type { Express, Request, RequestHandler, Response } from "express";
import { create } from "qrcode";
import { render } from "../http/index.js";
import type { Texts } from "../locales/index.js";
import { isSubmissionId } from "../store/index.js";
import { role, totpLink } from "./account.js";
import { type Context, field, fields, signedInPageFor } from "./context.js";
import { removeSubmissions } from "./deletion.js";
import { DEVICE_COOKIE, readCookie, sessionOf } from "./guard.js";
import { DeletedPage, DeletePage } from "./pages/answer-pages.js";
import { StaffAddedPage, StaffPage } from "./pages/staff-page.js";
import { explainRefusal } from "./sign-in.js";
import { StaffError } from "./staff.js";

/** Routes for managers: deleting submissions and managing staff, each after signing in again. */
export function publishManagement(app: Express, context: Context, body: RequestHandler): void {
  const { guard, submissions, staff, sessions, ledger, audit, languages, refuse } = context;
  const managersOnly = [body, guard.requireCsrfToken, guard.requireManager];
  for (const texts of languages) {
    const root = `/${texts.language}`;
    app.post(`${root}/delete`, managersOnly, async (request: Request, response: Response) => {
      const page = signedInPageFor(context, texts, response);
      const ids = [...new Set(fields(request, "id").filter(isSubmissionId))];
      if (ids.length === 0) return refuse(request, response, "nothing_chosen");
      const confirmed = field(request, "confirmed") === "yes";
      const fault = confirmed ? await reauthenticate(context, texts, request, response) : null;
      if (!confirmed || fault !== null) {
        response.send(render(<DeletePage {...page} ids={ids} fault={fault} />));
        return;
      }
      const count = await removeSubmissions(ids, submissions, ledger);
      await audit.add({ who: page.session.name, action: "deleted", count });
      response.send(render(<DeletedPage {...page} count={count} />));
    });

    const showStaff = async (response: Response, status: number, fault: string | null) => {
      const page = signedInPageFor(context, texts, response);
      response.status(status).send(render(<StaffPage {...page} accounts={await staff.list()} fault={fault} />));
    };
    app.get(`${root}/staff`, guard.requireManager, (_request: Request, response: Response) =>
      showStaff(response, 200, null),
    );
    app.post(`${root}/staff/add`, managersOnly, async (request: Request, response: Response) => {
      const fault = await reauthenticate(context, texts, request, response);
      if (fault !== null) return showStaff(response, response.statusCode, fault);
      const page = signedInPageFor(context, texts, response);
      try {
        const chosen = role.catch("courier").parse(field(request, "role"));
        const account = await staff.add(field(request, "new-name"), chosen, field(request, "new-passphrase"));
        await audit.add({ who: page.session.name, action: "staff_added", whom: account.name });
        response.send(render(<StaffAddedPage {...page} account={account} code={qrRows(totpLink(account))} />));
      } catch (cause) {
        if (!(cause instanceof StaffError)) throw cause;
        await showStaff(response, 400, texts.say(`staff-fault-${cause.code}`));
      }
    });
    app.post(`${root}/staff/remove`, managersOnly, async (request: Request, response: Response) => {
      const fault = await reauthenticate(context, texts, request, response);
      if (fault !== null) return showStaff(response, response.statusCode, fault);
      const name = field(request, "remove");
      try {
        sessions.endAllOf(await staff.remove(name));
        await audit.add({ who: sessionOf(response).name, action: "staff_removed", whom: name });
        await showStaff(response, 200, null);
      } catch (cause) {
        if (!(cause instanceof StaffError)) throw cause;
        await showStaff(response, 400, texts.say(`staff-fault-${cause.code}`));
      }
    });
  }
}

/** Null if the passphrase and a new code are right. Otherwise sets the status, and returns the message. */
async function reauthenticate(
  context: Context,
  texts: Texts,
  request: Request,
  response: Response,
): Promise<string | null> {
  const outcome = await context.authenticator.authenticate({
    name: sessionOf(response).name,
    passphrase: field(request, "passphrase"),
    code: field(request, "code"),
    device: readCookie(request, DEVICE_COOKIE),
  });
  if (outcome.kind === "signed_in") return null;
  const { status, fault } = explainRefusal(texts, response, outcome);
  response.status(status);
  return fault;
}

/** Rows of a QR code: true is dark. */
function qrRows(text: string): readonly (readonly boolean[])[] {
  const { size, data } = create(text, { errorCorrectionLevel: "M" }).modules;
  return Array.from({ length: size }, (_unused, y) =>
    Array.from({ length: size }, (_cell, x) => data[y * size + x] === 1),
  );
}
