import type { Express, Request, Response } from "express";
import { randomHex } from "../../core/index.js";
import { render } from "../../http/index.js";
import type { Context } from "../context.js";
import { securityHeaders } from "../http/index.js";
import { FormPage, FramesPage } from "../pages/form-page.js";

/** Stands in a rendered page where each visit's token goes. */
const TOKEN = "token".repeat(8);

/**
 * The form without JavaScript: `GET /{lang}/plain` holds two frames, and `GET /{lang}/form/{token}` is the lower one.
 * All pages are rendered once: only their tokens differ.
 */
export function publishFrames(app: Express, { portal, formIn, progress }: Context): void {
  for (const texts of portal.languages) {
    const root = `/${texts.language}/`;
    const form = formIn(texts);
    const frames = withToken(render(<FramesPage portal={portal} texts={texts} form={form} token={TOKEN} />));
    const props = { portal, texts, form };
    const page = withToken(render(<FormPage encryption="server" {...props} token={TOKEN} />));
    const without = render(<FormPage encryption="server" {...props} token={null} />);
    app.get(`${root}plain`, securityHeaders("frames"), (_request: Request, response: Response) => {
      response.send(frames(progress.issue(texts)));
    });
    // By itself the form has a token too, so that sent twice it is one letter.
    app.get(`${root}form/alone`, securityHeaders("framed"), (_request: Request, response: Response) => {
      response.send(page(randomHex(16)));
    });
    app.get(`${root}form/:token`, securityHeaders("framed"), (request: Request, response: Response) => {
      const token = String(request.params.token);
      response.send(progress.textsFor(token) === null ? without : page(token));
    });
  }
}

function withToken(page: string): (token: string) => string {
  const parts = page.split(TOKEN);
  return (token) => parts.join(token);
}
