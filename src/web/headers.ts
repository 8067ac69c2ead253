import type { RequestHandler } from "express";
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
export function strictHeaders({ directives, framed, referrer }: HeaderOptions): RequestHandler[] {
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
