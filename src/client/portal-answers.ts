import { Fault } from "../core/index.js";
import { serverTime } from "./clock.js";
import type { Keys } from "./messages.js";

export class KeysError extends Fault<"keys_unreachable" | "keys_changed"> {}

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
  const [keys, answer] = await Promise.all([
    fetchKeys(new URL("/keys.asc", server), signal).catch(() => null),
    askEndpoint(new URL("/uploads", server), signal),
  ]);
  return { keys, isPortal: answer !== null && isPortal(answer) };
}

async function fetchKeys(url: URL, signal: AbortSignal): Promise<Keys> {
  const answer = await fetch(url, { ...OPTIONS, signal });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const armored = await answer.text();
  // Some networks answer for everybody, with a page of their own.
  if (!armored.startsWith("-----BEGIN PGP ")) throw new Error("these are no certificates");
  return { armored, there: serverTime(answer.headers) };
}

/** What the endpoint of uploads answers; null where there is no answer. */
export function askEndpoint(url: URL | string, signal: AbortSignal): Promise<Response | null> {
  return fetch(url, { ...OPTIONS, method: "OPTIONS", signal }).catch(() => null);
}

export function isPortal({ headers }: Response): boolean {
  return headers.has("Tus-Version");
}
