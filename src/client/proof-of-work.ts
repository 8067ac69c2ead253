import { type Challenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import { ask } from "./ask.js";

/** The server may have many challenges to make. */
const CHALLENGE_LIMIT_MS = 15_000;
/** Enough for the slowest phone. */
const SOLVE_TIMEOUT_MS = 300_000;

/**
 * Fetches a challenge from the server of `endpoint` and solves it, which takes some seconds. A server under attack asks
 * senders for this proof of work. It says nothing about the person.
 * @returns the value of the `Postern-Proof` header: base64 of JSON
 * @throws TypeError when the server cannot be reached or the time runs out, StallError; the signal's reason when
 *   cancelled
 */
export async function proveWork(endpoint: URL, signal: AbortSignal): Promise<string> {
  const answer = await ask(new URL("/challenge", endpoint), { signal, limitMs: CHALLENGE_LIMIT_MS });
  if (!answer.ok) throw new TypeError(`the server answered ${answer.status}`);
  const challenge = (await answer.json()) as Challenge;
  const controller = new AbortController();
  const end = () => controller.abort();
  signal.addEventListener("abort", end);
  const solution = await solveChallenge({ challenge, deriveKey, controller, timeout: SOLVE_TIMEOUT_MS });
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (solution === null) throw new TypeError("the challenge could not be solved");
  return btoa(JSON.stringify({ challenge, solution }));
}
