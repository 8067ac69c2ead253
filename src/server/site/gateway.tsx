import type { Express, NextFunction, Request, Response } from "express";
import { render } from "../../http/index.js";
import type { Context } from "../context.js";
import { isThroughGateway, textsFor } from "../http/index.js";
import { ProsePage } from "../pages/prose-page.js";

/** Sentences of the page that is shown through a gateway instead of any other. */
const SECTIONS = { what: 3 };

/** Whoever runs a tor2web gateway reads along: there every page behind this one is a warning. */
export function publishGatewayWarning(app: Express, { portal, config }: Context): void {
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!isThroughGateway(request)) return next();
    const texts = textsFor(portal.languages, request);
    const page = (
      <ProsePage portal={portal} texts={texts} id="gateway" sections={SECTIONS}>
        {config.onion !== null && (
          <p>
            <code>{config.onion}</code>
          </p>
        )}
      </ProsePage>
    );
    response.status(403).send(render(page));
  });
}
