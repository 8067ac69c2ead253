import type { Express, Request, Response } from "express";
import type { Context } from "../context.js";

/**
 * `GET /{lang}/leave`: a neutral page elsewhere that nobody has to explain, after the browser has been asked to let go
 * of what it keeps of us. It cannot be asked to forget that we were visited.
 */
export function publishExit(app: Express, { portal: { languages } }: Context): void {
  for (const { language } of languages) {
    app.get(`/${language}/leave`, (_request: Request, response: Response) => {
      response.setHeader("Clear-Site-Data", '"cache", "cookies", "storage"');
      response.redirect(303, `https://${language}.wikipedia.org/`);
    });
  }
}
