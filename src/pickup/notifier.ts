import { randomInt } from "node:crypto";
import { createTransport } from "nodemailer";
import type { OperatorLog } from "../http/index.js";
import type { Submissions } from "../store/index.js";
import type { Ledger } from "./ledger/index.js";

const TEXT = "There is something to collect.";
const TIMEOUT = 30_000;
const HOUR = 60 * 60 * 1000;

/** Ways to tell staff; each may be there or not. */
export interface NotifierConfig {
  /** Gets a POST. */
  readonly webhook: string | null;
  readonly mail: { readonly server: string; readonly from: string; readonly to: string } | null;
  /** In each interval of so many hours there is at most one notification. */
  readonly hours: number;
}

export interface NotifierParts {
  readonly config: NotifierConfig;
  readonly submissions: Submissions;
  readonly ledger: Ledger;
  readonly log: OperatorLog;
  /** Runs `act` after so many milliseconds, and returns what calls it off. */
  readonly after?: (milliseconds: number, act: () => void) => () => void;
  /** A whole number from 0 up to, not including, `below`. */
  readonly random?: (below: number) => number;
}

/**
 * Tells staff that there is something to collect, and nothing else. It looks once in every interval, at a moment that is
 * drawn beforehand: when it tells says nothing about when somebody wrote, beyond that it was before.
 * @returns what stops it
 */
export function startNotifier(parts: NotifierParts): () => void {
  const { config, after = afterTimeout, random = (below) => randomInt(below) } = parts;
  if (config.webhook === null && config.mail === null) return () => undefined;
  const interval = config.hours * HOUR;
  let callOff = () => {};
  const plan = (rest: number) => {
    const moment = random(interval);
    callOff = after(rest + moment, () => {
      tell(parts).finally(() => plan(interval - moment));
    });
  };
  let stopped = false;
  plan(0);
  return () => {
    stopped = true;
    callOff();
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
      signal: AbortSignal.timeout(TIMEOUT),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error("the webhook did not take it");
  }
  if (mail !== null) {
    const transport = createTransport(mail.server, { from: mail.from });
    try {
      await transport.sendMail({ to: mail.to, subject: TEXT, text: TEXT });
    } finally {
      transport.close();
    }
  }
}

function afterTimeout(milliseconds: number, act: () => void): () => void {
  const timer = setTimeout(act, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}
