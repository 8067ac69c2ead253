import { readFileSync } from "node:fs";
import type { Express } from "express";
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
export function publishAssets(app: Express, { portal, client, earlier, recipients, pieces }: Context): void {
  for (const { path, contents } of Object.values(portal.styles)) {
    app.get(path, staticAnswer("text/css; charset=utf-8", contents, IMMUTABLE));
  }
  const icon = readFileSync(new URL("../../../public/icon.svg", import.meta.url));
  app.get("/icon.svg", staticAnswer("image/svg+xml", icon, "public, max-age=3600"));
  for (const script of [...allScripts(scriptsFor(client, recipients)), ...earlier]) {
    const role = roleOf(script);
    app.get(
      script.path,
      role === null ? asData : securityHeaders(role),
      staticAnswer(typeOf(script), script.contents, IMMUTABLE),
    );
  }
  for (const { path, contents } of pieces.all) {
    app.get(path, asData, staticAnswer("text/plain; charset=utf-8", contents, IMMUTABLE));
  }
}
