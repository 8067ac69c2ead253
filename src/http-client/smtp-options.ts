import { isLoopback } from "./loopback.js";

/** For nodemailer's `createTransport`. */
export interface SmtpOptions {
  readonly host: string;
  readonly port?: number;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** TLS from the start. */
  readonly secure: boolean;
  /** Refuse to go on without STARTTLS. */
  readonly requireTLS: boolean;
  readonly ignoreTLS: boolean;
}

/**
 * How to reach the mail server at `url`: with TLS and a valid certificate, unless it is on this machine. Somebody who
 * removes STARTTLS from the server's greeting gets no password.
 * @param url `smtp:` or `smtps:`; a query has no effect
 */
export function smtpOptions(url: string): SmtpOptions {
  const { protocol, hostname, port, username, password } = new URL(url);
  const local = isLoopback(hostname);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    ...(port === "" ? {} : { port: Number(port) }),
    ...(username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    secure: protocol === "smtps:",
    requireTLS: !local,
    // A mail server on this machine often has a certificate for another name.
    ignoreTLS: local,
  };
}
