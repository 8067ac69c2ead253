import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Request, RequestHandler, Response } from "express";
import helmet from "helmet";

const SELF = ["'self'"];
const NONE = ["'none'"];

/**
 * What the Permissions-Policy header denies to every page: where a person is and what surrounds them. Everything else is
 * out of reach as well, since only our own script runs; each name costs bytes where a connection carries 25 packets.
 */
const FEATURES = [
  "accelerometer",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
];

export interface HeaderOptions {
  /** Content-Security-Policy directives that extend or replace those of every response. */
  readonly directives: Readonly<Record<string, readonly string[]>>;
  /** Whether pages of the same origin may frame this one. */
  readonly framed: boolean;
  readonly referrer: "no-referrer" | "same-origin";
}

/** The security headers of every response. They allow the own stylesheet, the own forms, and what `options` add. */
export function strictHeaders(options: HeaderOptions): RequestHandler[] {
  // Computed once: the headers do not depend on the request.
  const headers = headersSetBy(handlersFor(options));
  return [
    (_request, response, next) => {
      for (const [name, value] of headers) response.setHeader(name, value);
      next();
    },
  ];
}

/** Records headers with the case of their names. */
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
  // The handlers ignore the request and only set headers.
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
      // The TLS proxy sets it: an onion service must not.
      strictTransportSecurity: false,
      xFrameOptions: { action: framed ? "sameorigin" : "deny" },
      xDnsPrefetchControl: { allow: false },
      // For Internet Explorer 8, Flash, and a filter that no browser has any more.
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
    (_request, response, next) => {
      response.setHeader("Permissions-Policy", FEATURES.map((feature) => `${feature}=()`).join(", "));
      response.setHeader("Cache-Control", "no-store");
      next();
    },
  ];
}
