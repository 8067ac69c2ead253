import { Fault } from "../core/index.js";

/** Reply codes (RFC 5321 section 4.2): 4xx makes the sending server try again, 5xx returns the letter to its writer. */
const REPLIES = {
  not_ours: [550, "this server takes letters for its own addresses only"],
  needs_tls: [530, "this server takes letters over TLS only; begin with STARTTLS"],
  too_large: [552, "this letter is too large; send fewer documents, or use the form on our site"],
  too_many_connections: [421, "too many connections; try again in a few minutes"],
  too_many_letters: [451, "too many letters from your network; try again in a few minutes"],
  busy: [451, "too many letters are arriving; try again in a few minutes"],
  no_space: [452, "there is no room for this letter now; try again later"],
  key_expired: [451, "this letter cannot be encrypted now; try again later"],
  cannot_store: [451, "this letter cannot be stored now; try again later"],
  stopping: [421, "this server is about to restart; try again in a minute"],
} as const;

export type SmtpRefusalCode = keyof typeof REPLIES;

/** Why the server does not take a connection, a recipient or a message. Nothing is kept of it. */
export class SmtpRefusal extends Fault<SmtpRefusalCode> {
  /** Read by smtp-server. */
  readonly responseCode: number;

  constructor(code: SmtpRefusalCode, options?: ErrorOptions) {
    const [responseCode, sentence] = REPLIES[code];
    super(code, sentence, options);
    this.responseCode = responseCode;
  }
}
