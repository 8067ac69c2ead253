import { type DestinationStream, type Logger, pino } from "pino";
import { dayOf } from "../core/index.js";

/**
 * The operator's log. It has no line per request or submission, since one that says when somebody wrote, or failed to,
 * could give them away. It records changes of the server's own state, once each, with the day only.
 */
export interface OperatorLog {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
  /** `part` fails with `code`. Logged once until `mended`, with only names and codes from `cause`. */
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
 * Names, codes and code locations of an error and its causes. Leaves out messages, which may quote input; the lines of
 * a stack that begin with "at" name code only.
 */
function chain(error: unknown): string[] {
  const names: string[] = [];
  for (let next = error; next instanceof Error && names.length < 8; next = next.cause) {
    const place = /^ +(at .*)$/m.exec(next.stack?.replace(next.message, "") ?? "")?.[1] ?? "";
    names.push(`${next.name} ${"code" in next ? String(next.code) : ""} ${place}`.replace(/ +/g, " ").trim());
  }
  return names;
}
