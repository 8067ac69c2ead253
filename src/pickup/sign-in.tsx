import type { Express, Request, RequestHandler, Response } from "express";
import { render } from "../http/index.js";
import type { Texts } from "../locales/index.js";
import type { Verdict } from "./authenticator.js";
import { type Context, field, pageFor } from "./context.js";
import { cookie, DEVICE_COOKIE, dropSession, SESSION_COOKIE, setSession } from "./guard.js";
import { SignInPage } from "./pages/sign-in-page.js";

/** `GET` and `POST /{lang}/sign-in`: the only pages for who is not signed in. */
export function publishDoor(app: Express, context: Context, body: RequestHandler): void {
  const { guard, doorkeeper, sessions, audit, languages } = context;
  for (const texts of languages) {
    const path = `/${texts.language}/sign-in`;
    const show = (response: Response, status: number, name: string, fault: string | null) => {
      const page = pageFor(context, texts, response);
      response.status(status).send(render(<SignInPage {...page} name={name} fault={fault} />));
    };
    app.get(path, (_request: Request, response: Response) => show(response, 200, "", null));
    app.post(path, guard.fromHere, body, async (request: Request, response: Response) => {
      const name = field(request, "name");
      const device = cookie(request, DEVICE_COOKIE);
      const verdict = await doorkeeper.ask({
        name,
        passphrase: field(request, "passphrase"),
        code: field(request, "code"),
        device,
      });
      if (verdict.kind !== "welcome") {
        if (verdict.kind === "refused" && verdict.code) await audit.add({ who: name, action: "sign_in_refused" });
        const { status, fault } = explain(texts, response, verdict);
        show(response, status, name.slice(0, 100), fault);
        return;
      }
      // Whatever session the browser had is not the one that goes on.
      const before = cookie(request, SESSION_COOKIE);
      if (before !== null) sessions.end(before);
      const { account } = verdict;
      await audit.add({ who: account.name, action: "signed_in" });
      setSession(response, sessions.begin(account.name, account.role), verdict.device);
      response.redirect(303, `/${texts.language}/`);
    });
  }
}

/** `POST /{lang}/sign-out`, for who is signed in. */
export function publishSignOut(
  app: Express,
  { guard, sessions, audit, languages }: Context,
  body: RequestHandler,
): void {
  for (const { language } of languages) {
    app.post(`/${language}/sign-out`, body, guard.ours, async (request: Request, response: Response) => {
      const token = cookie(request, SESSION_COOKIE);
      if (token !== null) {
        await audit.add({ who: sessions.find(token)?.name ?? "", action: "signed_out" });
        sessions.end(token);
      }
      dropSession(response);
      response.setHeader("Clear-Site-Data", '"cache", "storage"').redirect(303, `/${language}/sign-in`);
    });
  }
}

/** The status and the sentence for who is not let in. */
export function explain(
  texts: Texts,
  response: Response,
  verdict: Exclude<Verdict, { kind: "welcome" }>,
): { readonly status: number; readonly fault: string } {
  if (verdict.kind === "refused") return { status: 403, fault: texts.say("sign-in-refused") };
  response.setHeader("Retry-After", String(verdict.seconds));
  return { status: 429, fault: texts.say("sign-in-wait", { seconds: verdict.seconds }) };
}
