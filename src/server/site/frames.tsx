import type { Express, Request, Response } from "express";
import { randomHex } from "../../core/index.js";
import { render } from "../../http/index.js";
import type { Context } from "../context.js";
import { securityHeaders } from "../http/index.js";
import { FormPage, FramesPage } from "../pages/form-page.js";

/**
 * The form without JavaScript: `GET /{lang}/plain` holds two frames, and `GET /{lang}/form/{token}` is the lower one.
 */
export function publishFrames(app: Express, { portal, formIn, progress }: Context): void {
  for (const texts of portal.languages) {
    const root = `/${texts.language}/`;
    const form = formIn(texts);
    app.get(`${root}plain`, securityHeaders("frames"), (_request: Request, response: Response) => {
      response.send(render(<FramesPage portal={portal} texts={texts} form={form} token={progress.issue(texts)} />));
    });
    // By itself the form has a token too, so that sent twice it is one letter.
    app.get(`${root}form/alone`, securityHeaders("framed"), (_request: Request, response: Response) => {
      const token = randomHex(16);
      response.send(render(<FormPage encryption="server" portal={portal} texts={texts} form={form} token={token} />));
    });
    app.get(`${root}form/:token`, securityHeaders("framed"), (request: Request, response: Response) => {
      const token = String(request.params.token);
      const known = progress.textsFor(token) === null ? null : token;
      response.send(render(<FormPage encryption="server" portal={portal} texts={texts} form={form} token={known} />));
    });
  }
}
