import type { Express, Request, Response } from "express";
import { FORGET } from "../pages/forget.js";

/**
 * `GET /forget-….css`: an empty stylesheet whose answer has the browser drop the pages that it keeps for its Back
 * button. Those of Chromium would show what was typed again, in spite of `no-store`. The header has to come after the
 * page before is kept: so it is on something that the next page loads.
 */
export function publishForget(app: Express): void {
  app.get(FORGET.path, (_request: Request, response: Response) => {
    response.setHeader("Clear-Site-Data", '"cache"');
    response.setHeader("Cache-Control", "no-store");
    response.type("text/css").send(FORGET.contents);
  });
}
