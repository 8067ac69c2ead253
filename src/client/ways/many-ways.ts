import { within } from "../within.js";
import { PortalKey, type SignedState, uploadIdIn } from "./signed-state.js";
import { WayList } from "./way-list.js";

export interface ManyWaysParts {
  /** Origins of relays and of the portal. */
  readonly addresses: readonly string[];
  /** What the portal signs with: SubjectPublicKeyInfo in base64. */
  readonly key: string;
  readonly send?: typeof fetch;
}

/** For one way to answer what takes the portal no work, so that a silent one leaves time for the others. */
const ASK_LIMIT_MS = 8_000;
/** After so many rounds by all ways to begin an upload, or so long, there is no way. */
const MAX_ROUNDS = 5;
const MAX_BEGINNING_MS = 45_000;
/** Rounds of PBKDF2 in one try of a proof of work: a portal asks for 2,000. */
const MAX_COST = 10_000;
const MAX_KEY_BYTES = 64;
/** What a portal may answer without its signature, and what the client then goes on after by asking again. */
const HARMLESS = new Set([400, 409, 429]);

/**
 * Asks one portal by many ways, in place of `fetch`: the upload above knows only that a request failed, and asks again.
 * Of what is answered about an upload, only what the portal has signed is passed on as success, so that a relay
 * cannot make up that anything has arrived. A refusal, which nobody signs, is passed on once no way is left.
 */
export class ManyWays {
  readonly #ways: WayList;
  readonly #key: PortalKey;
  readonly #send: typeof fetch;
  /** How far each upload is known to be, in bytes. */
  readonly #known = new Map<string, number>();
  /** Attempts to begin an upload since the last one began, and when the first of them was, ms. */
  #beginnings = 0;
  #beginningSince = 0;

  constructor({ addresses, key, send = (input, init) => fetch(input, init) }: ManyWaysParts) {
    this.#ways = new WayList(addresses);
    this.#key = new PortalKey(key);
    this.#send = send;
  }

  /** @param url of the portal at any address: only its path counts */
  readonly fetch = (url: URL, init: RequestInit): Promise<Response> => {
    const { pathname } = url;
    const id = uploadIdIn(pathname);
    if (id !== null) return this.#askAny(pathname, init, id);
    return pathname === "/uploads" ? this.#begin(pathname, init) : this.#askTask(pathname, init);
  };

  async #begin(path: string, init: RequestInit): Promise<Response> {
    const ways = this.#ways;
    if (this.#beginnings === 0) {
      this.#beginningSince = performance.now();
      if (this.#known.size > 0) ways.startOver();
    }
    // Somebody spoils each upload: all ways have had their turn.
    if (this.#known.size > ways.size) return noWay();
    this.#beginnings += 1;
    try {
      const answer = await this.#askAny(path, init, null);
      if (answer.ok) this.#beginnings = 0;
      return answer;
    } catch (cause) {
      const late = performance.now() > this.#beginningSince + MAX_BEGINNING_MS && ways.exhausted;
      if (late || (this.#beginnings >= MAX_ROUNDS && !init.signal?.aborted)) return noWay();
      throw cause;
    }
  }

  /** Asks one way after the other until one brings the portal's word. Takes as long as `init.signal` lets it. */
  async #askAny(path: string, init: RequestInit, id: string | null): Promise<Response> {
    const ways = this.#ways;
    const limitMs = id === null || init.method === "HEAD" ? ASK_LIMIT_MS : null;
    let refusal: Response | null = null;
    for (const way of ways.inOrder) {
      const answer = await this.#sendBy(way, path, init, limitMs).catch(() => null);
      init.signal?.throwIfAborted();
      if (answer === null) continue;
      const state = answer.ok ? await this.#key.stateIn(answer, id) : null;
      if (state !== null && this.#believes(state, init)) {
        this.#known.set(state.id, state.offset);
        ways.helped(way);
        return answer;
      }
      if (answer.ok) ways.lied(way);
      else ways.failed(way);
      if (HARMLESS.has(answer.status)) return answer;
      if (state !== null || !answer.ok) refusal = answer;
    }
    if (ways.exhausted && refusal !== null) return refusal;
    throw new TypeError("no way leads to the portal");
  }

  /** Whether a state that was signed once is that of now. */
  #believes({ id, offset, digest }: SignedState, { headers }: RequestInit): boolean {
    const ends = new Headers(headers).has("Upload-Length");
    return offset >= (this.#known.get(id) ?? 0) && !(ends && digest === null);
  }

  /** A task that a portal under pressure asks for. Nobody signs it, and it must not take for ever. */
  async #askTask(path: string, init: RequestInit): Promise<Response> {
    const way = this.#ways.present;
    const answer = await this.#sendBy(way, path, init, ASK_LIMIT_MS);
    const task = (await answer
      .clone()
      .json()
      .catch(() => null)) as { readonly parameters?: { readonly cost?: unknown; readonly keyLength?: unknown } } | null;
    const { cost, keyLength } = task?.parameters ?? {};
    if (answer.ok && Number(cost) <= MAX_COST && Number(keyLength) <= MAX_KEY_BYTES) return answer;
    this.#ways.failed(way);
    throw new TypeError("this is no task");
  }

  async #sendBy(way: string, path: string, init: RequestInit, limitMs: number | null): Promise<Response> {
    const url = new URL(path, way);
    try {
      if (limitMs === null) return await this.#send(url, { ...init, redirect: "error" });
      const limits = { limitMs, outer: init.signal, late: () => undefined };
      return await within(limits, (signal) => this.#send(url, { ...init, signal, redirect: "error" }));
    } catch (cause) {
      this.#ways.failed(way);
      throw cause;
    }
  }
}

/** As the portal refuses for good: the letter becomes a file. */
function noWay(): Response {
  return new Response("no_way\n", { status: 422, headers: { "Tus-Resumable": "1.0.0" } });
}
