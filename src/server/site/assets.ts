import { readFileSync } from "node:fs";
import { type Express, type IRouter, Router } from "express";
import { staticAnswer } from "../../http/index.js";
import type { Context } from "../context.js";
import { asData, securityHeaders } from "../http/index.js";
import { allScripts, roleOf, scriptsFor } from "./client-build.js";

/** For what holds its digest in its name: it never changes. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** The list of the client's parts is no script. */
function typeOf({ path }: { readonly path: string }): string {
  return path.endsWith(".txt") ? "text/plain; charset=utf-8" : "text/javascript";
}

/** Stylesheets, scripts, what the client loads in pieces, and the icon. */
export function publishAssets(app: Express, context: Context): void {
  const { portal, client, earlier, recipients } = context;
  for (const { path, contents } of Object.values(portal.styles)) {
    app.get(path, asData, staticAnswer("text/css; charset=utf-8", contents, IMMUTABLE));
  }
  const icon = readFileSync(new URL("../../../public/icon.svg", import.meta.url));
  app.get("/icon.svg", asData, staticAnswer("image/svg+xml", icon, "public, max-age=3600"));
  for (const script of [...allScripts(scriptsFor(client, recipients)), ...earlier]) {
    const role = roleOf(script);
    app.get(
      script.path,
      role === null ? asData : securityHeaders(role),
      staticAnswer(typeOf(script), script.contents, IMMUTABLE),
    );
  }
  publishPieces(app, context);
}

/** What the pages load in pieces. Those of a later month are added to those that pages opened before still load. */
function publishPieces(app: Express, { pieces, published }: Context): void {
  const later = Router({ caseSensitive: true });
  const known = new Set<string>();
  const publish = (routes: IRouter) => {
    for (const { path, contents } of pieces().all) {
      if (known.has(path)) continue;
      known.add(path);
      routes.get(path, asData, staticAnswer("text/plain; charset=utf-8", contents, IMMUTABLE));
    }
  };
  publish(app);
  const current = published.derive(() => publish(later));
  app.use((_request, _response, next) => {
    current();
    next();
  }, later);
}
