import { randomHex } from "../core/index.js";
import type { Session } from "./sessions.js";

/** The oldest ticket of a session goes when there are more. */
const MAX_TICKETS = 100;

/**
 * Each ticket lets one session fetch one submission, over as many ranges as it takes, until its end has been sent. It
 * stands in the address of the download, so it is worth nothing without the session's cookie.
 */
export class DownloadTickets {
  readonly #bySession = new WeakMap<Session, Map<string, string>>();

  /** A new ticket for a submission. */
  issue(session: Session, submission: string): string {
    const tickets = this.#bySession.get(session) ?? new Map<string, string>();
    this.#bySession.set(session, tickets);
    const ticket = randomHex(16);
    tickets.set(ticket, submission);
    const [oldest] = tickets.keys();
    if (tickets.size > MAX_TICKETS && oldest !== undefined) tickets.delete(oldest);
    return ticket;
  }

  /** The submission of a ticket; null if the session has no such ticket. */
  find(session: Session, ticket: string): string | null {
    return this.#bySession.get(session)?.get(ticket) ?? null;
  }

  spend(session: Session, ticket: string): void {
    this.#bySession.get(session)?.delete(ticket);
  }
}
