import { type DestinationStream, type Logger, pino } from "pino";
import { dayOf } from "../core/index.js";

/**
 * What the operator is told. Nothing is written per request or per submission: a line that says when somebody wrote, or
 * that somebody failed to, would tell on them. Only a change of the server's own state is written, once, with the day.
 */
export interface OperatorLog {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
  /** `part` has begun to fail with `code`; said once until it is mended. Of `cause` only names and codes are written. */
  readonly failing: (part: string, code: string, cause: unknown) => void;
  readonly mended: (part: string) => void;
}

export function createLog(destination: DestinationStream): OperatorLog {
  const logger: Logger = pino({ base: null, timestamp: () => `,"day":"${dayOf(new Date())}"` }, destination);
  const failing = new Map<string, string>();
  return {
    info: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
    failing: (part, code, cause) => {
      if (failing.get(part) === code) return;
      failing.set(part, code);
      logger.error({ part, code, cause: chain(cause) }, `${part} is failing`);
    },
    mended: (part) => {
      if (failing.delete(part)) logger.info({ part }, `${part} works again`);
    },
  };
}

/**
 * Names and codes of an error and its causes, and where in the program each arose. Messages may quote what somebody sent,
 * so they are left out; the lines of a stack that begin with "at" name code only.
 */
function chain(error: unknown): string[] {
  const names: string[] = [];
  for (let next = error; next instanceof Error && names.length < 8; next = next.cause) {
    const place = /^ +(at .*)$/m.exec(next.stack?.replace(next.message, "") ?? "")?.[1] ?? "";
    names.push(`${next.name} ${"code" in next ? String(next.code) : ""} ${place}`.replace(/ +/g, " ").trim());
  }
  return names;
}
