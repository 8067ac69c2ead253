import type { RequestHandler } from "express";
import helmet from "helmet";

/** Everything a browser could offer a page; a submitter's page wants none of it. */
const FEATURES = [
  "accelerometer",
  "ambient-light-sensor",
  "autoplay",
  "battery",
  "bluetooth",
  "browsing-topics",
  "camera",
  "clipboard-read",
  "display-capture",
  "document-domain",
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
  "web-share",
  "xr-spatial-tracking",
];

/** How a document may stand towards frames: shown inside one of ours, and holding some of ours. */
export interface Framing {
  readonly inside: boolean;
  readonly holds: boolean;
}

/**
 * The security headers of every answer. Nothing is allowed but our own stylesheet, our own form's target and, for the
 * pages that need them, our own frames.
 */
export function securityHeaders({ inside, holds }: Framing): RequestHandler[] {
  const self = ["'self'"];
  const none = ["'none'"];
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: none,
          styleSrc: self,
          imgSrc: self,
          formAction: self,
          baseUri: none,
          frameAncestors: inside ? self : none,
          ...(holds ? { frameSrc: self } : {}),
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: none,
        },
      },
      crossOriginEmbedderPolicy: { policy: "require-corp" },
      crossOriginOpenerPolicy: { policy: "same-origin" },
      crossOriginResourcePolicy: { policy: "same-origin" },
      originAgentCluster: true,
      referrerPolicy: { policy: "no-referrer" },
      // Whoever terminates TLS sets this: an onion service must not.
      strictTransportSecurity: false,
      xFrameOptions: { action: inside ? "sameorigin" : "deny" },
      xDnsPrefetchControl: { allow: false },
    }),
    (_request, response, next) => {
      response.setHeader("Permissions-Policy", FEATURES.map((feature) => `${feature}=()`).join(", "));
      response.setHeader("Cache-Control", "no-store");
      next();
    },
  ];
}
