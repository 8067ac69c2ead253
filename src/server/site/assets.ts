import { readFileSync } from "node:fs";
import type { Express } from "express";
import { staticAnswer } from "../../http/index.js";
import type { Context } from "../context.js";
import { securityHeaders } from "../http/index.js";
import { scriptsFor } from "./client-build.js";

/** For what holds its digest in its name: it never changes. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** Stylesheets, scripts and the icon. */
export function publishAssets(app: Express, { portal, client, recipients }: Context): void {
  for (const { path, contents } of Object.values(portal.styles)) {
    app.get(path, staticAnswer("text/css; charset=utf-8", contents, IMMUTABLE));
  }
  const icon = readFileSync(new URL("../../../public/icon.svg", import.meta.url));
  app.get("/icon.svg", staticAnswer("image/svg+xml", icon, "public, max-age=3600"));
  for (const { path, contents } of Object.values(scriptsFor(client, recipients))) {
    app.get(path, securityHeaders("worker"), staticAnswer("text/javascript", contents, IMMUTABLE));
  }
}
