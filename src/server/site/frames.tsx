import type { Express, Request, Response } from "express";
import { render } from "../../http/index.js";
import type { Context } from "../context.js";
import { securityHeaders } from "../http/index.js";
import { FormPage, FramesPage } from "../pages/form-page.js";

/** The form without JavaScript: `GET /{lang}/plain` holds two frames, and `GET /{lang}/form/{token}` is the lower one. */
export function publishFrames(app: Express, { portal, formIn, progress }: Context): void {
  for (const texts of portal.languages) {
    const root = `/${texts.language}/`;
    const form = formIn(texts);
    app.get(`${root}plain`, securityHeaders("frames"), (_request: Request, response: Response) => {
      response.send(render(<FramesPage portal={portal} texts={texts} form={form} token={progress.issue(texts)} />));
    });
    app.get(`${root}form/:token`, securityHeaders("framed"), (request: Request, response: Response) => {
      const token = String(request.params.token);
      const known = progress.textsFor(token) === null ? null : token;
      response.send(render(<FormPage encryption="server" portal={portal} texts={texts} form={form} token={known} />));
    });
  }
}
