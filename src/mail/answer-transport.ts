import { createTransport } from "nodemailer";
import { smtpOptions } from "../http-client/index.js";

const TIMEOUT_MS = 30_000;

export interface AnswerText {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The way out, through a mail server that the operator names. */
export interface AnswerTransport {
  /** @throws Error unless that server has taken it */
  readonly send: (answer: AnswerText) => Promise<void>;
  readonly close: () => void;
}

/**
 * Sends as a program does that answers (RFC 3834): nobody shall answer it, and no failure comes back.
 * @param server an address as in POSTERN_MAIL_SMTP
 * @param from author of the answers
 */
export function answerTransport(server: string, from: string): AnswerTransport {
  const transport = createTransport({
    ...smtpOptions(server),
    // The name of the machine is nobody's business.
    name: from.slice(from.lastIndexOf("@") + 1),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ to, subject, text }) => {
      await transport.sendMail({
        from,
        to,
        subject,
        text,
        envelope: { from: "", to },
        headers: { "Auto-Submitted": "auto-replied", Precedence: "bulk", "X-Auto-Response-Suppress": "All" },
      });
    },
    close: () => transport.close(),
  };
}
