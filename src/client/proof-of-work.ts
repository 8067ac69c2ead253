import { type Challenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";

/** Milliseconds that the slowest phone may take. */
const PATIENCE = 300_000;

/**
 * Fetches a task from the server that `endpoint` belongs to, and solves it: some seconds of work, which a server under attack
 * asks of whoever sends. Nothing about the person goes into it.
 * @returns what to send along
 * @throws TypeError when the server cannot be reached; the signal's reason when cancelled
 */
export async function solveTask(endpoint: URL, signal: AbortSignal): Promise<string> {
  const answer = await fetch(new URL("/challenge", endpoint), {
    signal,
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (!answer.ok) throw new TypeError(`the server answered ${answer.status}`);
  const challenge = (await answer.json()) as Challenge;
  const controller = new AbortController();
  const end = () => controller.abort();
  signal.addEventListener("abort", end);
  const solution = await solveChallenge({ challenge, deriveKey, controller, timeout: PATIENCE });
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (solution === null) throw new TypeError("the task could not be solved");
  return btoa(JSON.stringify({ challenge, solution }));
}
