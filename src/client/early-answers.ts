import { serverTime } from "./clock.js";
import type { Keys } from "./messages.js";

/** What a worker asks the portal first. Null or false where it has to ask itself, and say what is wrong. */
export interface EarlyAnswers {
  readonly keys: Keys | null;
  readonly isPortal: boolean;
}

const TIMEOUT_MS = 15_000;
const OPTIONS = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" } as const;

/**
 * Asks while the worker's script is still coming: on a far line each answer takes a second. Never rejects.
 * @param server address of the portal
 */
export async function askEarly(server: string): Promise<EarlyAnswers> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const [keys, portal] = await Promise.all([
    fetch(new URL("/keys.asc", server), { ...OPTIONS, signal })
      .then(readKeys)
      .catch(() => null),
    fetch(new URL("/uploads", server), { ...OPTIONS, signal, method: "OPTIONS" }).catch(() => null),
  ]);
  return { keys, isPortal: portal?.headers.has("Tus-Version") ?? false };
}

async function readKeys(answer: Response): Promise<Keys | null> {
  return answer.ok ? { armored: await answer.text(), there: serverTime(answer.headers) } : null;
}
