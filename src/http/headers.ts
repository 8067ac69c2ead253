import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Request, RequestHandler, Response } from "express";
import helmet from "helmet";

const SELF = ["'self'"];
const NONE = ["'none'"];

/** Everything a browser could offer a page; a page of ours wants none of it. */
const FEATURES = [
  "accelerometer",
  "autoplay",
  "browsing-topics",
  "camera",
  "clipboard-read",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "gamepad",
  "geolocation",
  "gyroscope",
  "hid",
  "identity-credentials-get",
  "idle-detection",
  "local-fonts",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "publickey-credentials-create",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "speaker-selection",
  "storage-access",
  "usb",
  "xr-spatial-tracking",
];

export interface HeaderOptions {
  /** Directives of the content security policy beyond those of every answer, or instead of them. */
  readonly directives: Readonly<Record<string, readonly string[]>>;
  /** Whether a page of ours may hold this one in a frame. */
  readonly framed: boolean;
  readonly referrer: "no-referrer" | "same-origin";
}

/** The security headers of every answer: nothing is allowed but our own stylesheet, our own forms and what `options` add. */
export function strictHeaders(options: HeaderOptions): RequestHandler[] {
  // They are the same for every request: helmet is asked once.
  const headers = headersSetBy(handlersFor(options));
  return [
    (_request, response, next) => {
      for (const [name, value] of headers) response.setHeader(name, value);
      next();
    },
  ];
}

/** Knows what is set on it, with names as they were written. */
class Recorder extends ServerResponse {
  readonly headers = new Map<string, string>();

  override setHeader(name: string, value: number | string | readonly string[]): this {
    this.headers.set(name, String(value));
    return this;
  }
}

function headersSetBy(handlers: readonly RequestHandler[]): [name: string, value: string][] {
  const request = new IncomingMessage(new Socket());
  const response = new Recorder(request);
  // These look at no request, and only set headers.
  for (const handler of handlers) handler(request as Request, response as unknown as Response, () => undefined);
  return [...response.headers];
}

function handlersFor({ directives, framed, referrer }: HeaderOptions): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: NONE,
          styleSrc: SELF,
          imgSrc: SELF,
          formAction: SELF,
          baseUri: NONE,
          frameAncestors: NONE,
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: NONE,
          ...directives,
        },
      },
      crossOriginEmbedderPolicy: { policy: "require-corp" },
      crossOriginOpenerPolicy: { policy: "same-origin" },
      crossOriginResourcePolicy: { policy: "same-origin" },
      originAgentCluster: true,
      referrerPolicy: { policy: referrer },
      // Whoever terminates TLS sets this: an onion service must not.
      strictTransportSecurity: false,
      xFrameOptions: { action: framed ? "sameorigin" : "deny" },
      xDnsPrefetchControl: { allow: false },
    }),
    (_request, response, next) => {
      response.setHeader("Permissions-Policy", FEATURES.map((feature) => `${feature}=()`).join(", "));
      response.setHeader("Cache-Control", "no-store");
      next();
    },
  ];
}
