import { randomInt } from "node:crypto";
import { createTransport } from "nodemailer";
import type { OperatorLog } from "../http/index.js";
import { smtpOptions } from "../http-client/index.js";
import type { Submissions } from "../store/index.js";
import type { Ledger } from "./ledger/index.js";

const TEXT = "There is something to collect.";
const WEBHOOK_TIMEOUT_MS = 30_000;
const HOUR_MS = 60 * 60 * 1000;

/** How to notify staff. */
export interface NotifierConfig {
  /** Address that gets a POST. */
  readonly webhook: string | null;
  readonly mail: { readonly server: string; readonly from: string; readonly to: string } | null;
  /** Send at most one notification per this many hours. */
  readonly hours: number;
}

export interface NotifierParts {
  readonly config: NotifierConfig;
  readonly submissions: Submissions;
  readonly ledger: Ledger;
  readonly log: OperatorLog;
  /** Runs `act` after `delayMs`; returns a function that cancels it. */
  readonly after?: (delayMs: number, act: () => void) => () => void;
  /** A random integer from 0 to `below` - 1. */
  readonly random?: (below: number) => number;
}

/**
 * Notifies staff that there is something to collect. It checks once per interval, at a random time fixed in advance, so
 * that the time of a notification does not reveal when a submission came.
 * @returns a function that stops it
 */
export function startNotifier(parts: NotifierParts): () => void {
  const { config, after = afterTimeout, random = (below) => randomInt(below) } = parts;
  if (config.webhook === null && config.mail === null) return () => undefined;
  const intervalMs = config.hours * HOUR_MS;
  let cancel = () => {};
  const plan = (restMs: number) => {
    const momentMs = random(intervalMs);
    cancel = after(restMs + momentMs, () => {
      tell(parts).finally(() => plan(intervalMs - momentMs));
    });
  };
  let stopped = false;
  plan(0);
  return () => {
    stopped = true;
    cancel();
  };

  async function tell({ submissions, ledger, log }: NotifierParts): Promise<void> {
    try {
      const state = await ledger.read();
      for await (const { id } of submissions.list()) {
        if (stopped || !state.isNew(id)) continue;
        await send(config);
        log.mended("notifying");
        return;
      }
    } catch (cause) {
      log.failing("notifying", "not_sent", cause);
    }
  }
}

async function send({ webhook, mail }: NotifierConfig): Promise<void> {
  if (webhook !== null) {
    const response = await fetch(webhook, {
      method: "POST",
      body: TEXT,
      headers: { "Content-Type": "text/plain" },
      redirect: "error",
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error("the webhook did not take it");
  }
  if (mail !== null) {
    const transport = createTransport(smtpOptions(mail.server), { from: mail.from });
    try {
      await transport.sendMail({ to: mail.to, subject: TEXT, text: TEXT });
    } finally {
      transport.close();
    }
  }
}

function afterTimeout(delayMs: number, act: () => void): () => void {
  const timer = setTimeout(act, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}
