import type { RequestHandler } from "express";
import helmet from "helmet";

const SELF = ["'self'"];
const NONE = ["'none'"];
/** The client's Trusted Types policy, which lets it start its worker and nothing else. */
const POLICY = ["postern"];

/** Everything a browser could offer a page; a submitter's page wants none of it. */
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

/**
 * What an answer is used for, which decides what it may do: a page or file by itself; the page that runs the client; the
 * client's worker; a page inside one of our frames; such a page that holds frames itself.
 */
export type Role = "alone" | "client" | "worker" | "framed" | "frames";

/** Directives beyond those of every answer. */
const POLICIES: Readonly<Record<Role, Readonly<Record<string, readonly string[]>>>> = {
  alone: {},
  // The client alone sends, and what it has encrypted: not even our own forms can be sent by the browser itself.
  client: {
    scriptSrc: SELF,
    workerSrc: SELF,
    connectSrc: SELF,
    frameSrc: SELF,
    formAction: NONE,
    trustedTypes: POLICY,
  },
  worker: { connectSrc: SELF },
  framed: { frameAncestors: SELF },
  frames: { frameAncestors: SELF, frameSrc: SELF },
};

/** The security headers of every answer: nothing is allowed but our own stylesheet, our own form and what `role` needs. */
export function securityHeaders(role: Role): RequestHandler[] {
  const directives = {
    defaultSrc: NONE,
    styleSrc: SELF,
    imgSrc: SELF,
    formAction: SELF,
    baseUri: NONE,
    frameAncestors: NONE,
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: NONE,
    ...POLICIES[role],
  };
  const inside = role === "framed" || role === "frames";
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives },
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
