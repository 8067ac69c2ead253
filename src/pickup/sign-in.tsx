import type { Express, Request, RequestHandler, Response } from "express";
import { render } from "../http/index.js";
import type { Texts } from "../locales/index.js";
import type { SignInOutcome } from "./authenticator.js";
import { type Context, field, pageFor } from "./context.js";
import { clearSession, DEVICE_COOKIE, readCookie, SESSION_COOKIE, setSession } from "./guard.js";
import { SignInPage } from "./pages/sign-in-page.js";

/** `GET` and `POST /{lang}/sign-in`: the only pages without a session. */
export function publishSignIn(app: Express, context: Context, body: RequestHandler): void {
  const { guard, authenticator, sessions, audit, languages } = context;
  for (const texts of languages) {
    const path = `/${texts.language}/sign-in`;
    const show = (response: Response, status: number, name: string, fault: string | null) => {
      const page = pageFor(context, texts, response);
      response.status(status).send(render(<SignInPage {...page} name={name} fault={fault} />));
    };
    app.get(path, (_request: Request, response: Response) => show(response, 200, "", null));
    app.post(path, guard.requireSameOrigin, body, async (request: Request, response: Response) => {
      const name = field(request, "name");
      const device = readCookie(request, DEVICE_COOKIE);
      const outcome = await authenticator.authenticate({
        name,
        passphrase: field(request, "passphrase"),
        code: field(request, "code"),
        device,
      });
      if (outcome.kind !== "signed_in") {
        if (outcome.kind === "refused" && outcome.code) await audit.add({ who: name, action: "sign_in_refused" });
        const { status, fault } = explainRefusal(texts, response, outcome);
        show(response, status, name.slice(0, 100), fault);
        return;
      }
      // Against session fixation: a session that the browser brings along never continues.
      const before = readCookie(request, SESSION_COOKIE);
      if (before !== null) sessions.end(before);
      const { account } = outcome;
      await audit.add({ who: account.name, action: "signed_in" });
      setSession(response, sessions.begin(account), outcome.device);
      response.redirect(303, `/${texts.language}/`);
    });
  }
}

/** `POST /{lang}/sign-out`. */
export function publishSignOut(
  app: Express,
  { guard, sessions, audit, languages }: Context,
  body: RequestHandler,
): void {
  for (const { language } of languages) {
    app.post(`/${language}/sign-out`, body, guard.requireCsrfToken, async (request: Request, response: Response) => {
      const token = readCookie(request, SESSION_COOKIE);
      if (token !== null) {
        await audit.add({ who: sessions.find(token)?.name ?? "", action: "signed_out" });
        sessions.end(token);
      }
      clearSession(response);
      response.setHeader("Clear-Site-Data", '"cache", "storage"').redirect(303, `/${language}/sign-in`);
    });
  }
}

/** The status and the message of a refused sign-in. Sets Retry-After. */
export function explainRefusal(
  texts: Texts,
  response: Response,
  outcome: Exclude<SignInOutcome, { kind: "signed_in" }>,
): { readonly status: number; readonly fault: string } {
  if (outcome.kind === "refused") return { status: 403, fault: texts.say("sign-in-refused") };
  response.setHeader("Retry-After", String(outcome.seconds));
  return { status: 429, fault: texts.say("sign-in-wait", { seconds: outcome.seconds }) };
}
