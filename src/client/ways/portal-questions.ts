import {
  type AnswerSize,
  importMailboxKey,
  type MailboxAnswer,
  type Question,
  SealError,
  sealQuestion,
} from "../../seal/index.js";
import { backoffMs, waitForRetry } from "../backoff.js";
import { fromBase64 } from "./base64.js";
import { Silence } from "./silence.js";
import { WayList } from "./way-list.js";

/** A question before its size is known. */
export type Asked = { [Kind in Question["kind"]]: Omit<Extract<Question, { kind: Kind }>, "size"> }[Question["kind"]];

export interface PortalQuestionsParts {
  /** Origins of relays and of the portal. */
  readonly addresses: readonly string[];
  /** SubjectPublicKeyInfo in base64. */
  readonly mailboxKey: string;
  readonly send?: typeof fetch;
}

const MAX_BODY_BYTES = 128 * 1024;
/** A way that is silent for so long does not answer; twice, three times as long when it is asked again. */
const SILENCE_MS = 8_000;
/** For a whole answer, however slowly it comes. A large one is some 70 KB. */
const WHOLE_MS = 30_000;
/** So often all ways are asked, from the second time on for small answers. */
const ROUNDS = 3;
/** After so long no further way is tried. */
const MAX_ASKING_MS = 90_000;
/**
 * Questions of one reading at least; above, they are filled up to a power of two. Two answers of the usual length, with
 * or without a deletion, look like none.
 */
const MIN_QUESTIONS: Readonly<Record<AnswerSize, number>> = { large: 4, small: 64 };

/**
 * Asks a portal by many ways. Each question is sealed anew for each way. Only what is sealed by the portal to this very
 * question is an answer, so that nobody on the way can make up, change or repeat one.
 */
export class PortalQuestions {
  readonly #ways: WayList;
  readonly #key: Promise<CryptoKey>;
  readonly #send: typeof fetch;
  #size: AnswerSize = "large";
  /** Since the reading began. */
  #answered = 0;

  constructor({ addresses, mailboxKey, send = (input, init) => fetch(input, init) }: PortalQuestionsParts) {
    this.#ways = new WayList(addresses);
    this.#key = importMailboxKey(fromBase64(mailboxKey));
    // Whoever asks first hears of it.
    this.#key.catch(() => undefined);
    this.#send = send;
  }

  /** @throws TypeError where no way brings the portal's answer */
  async ask(asked: Asked): Promise<MailboxAnswer> {
    const since = performance.now();
    for (let round = 1; ; round += 1) {
      for (const way of this.#ways.inOrder) {
        const answer = await this.#tryBy(way, asked, round * SILENCE_MS);
        if (answer !== null) {
          this.#ways.helped(way);
          this.#answered += 1;
          return answer;
        }
        if (performance.now() > since + MAX_ASKING_MS) throw noWay();
      }
      if (round === ROUNDS) throw noWay();
      this.#size = "small";
      await waitForRetry(backoffMs(round));
    }
  }

  /** Ends a reading: asks for nothing until there are as many questions as if there had been more, or less, to ask. */
  async cover(mailbox: string): Promise<void> {
    for (;;) {
      let wanted = MIN_QUESTIONS[this.#size];
      while (wanted < this.#answered) wanted *= 2;
      if (this.#answered === wanted) break;
      await this.ask({ kind: "cover", mailbox });
    }
    this.#answered = 0;
  }

  /** Null where this way brings no answer. One that begins and goes silent is asked once more, for a small answer. */
  async #tryBy(way: string, asked: Asked, silenceMs: number): Promise<MailboxAnswer | null> {
    const size = this.#size;
    const attempt = () => this.#askBy(way, { ...asked, size: this.#size }, silenceMs).catch(() => null);
    return (await attempt()) ?? (this.#size === size ? null : attempt());
  }

  async #askBy(way: string, question: Question, silenceMs: number): Promise<MailboxAnswer> {
    const sealed = await sealQuestion(question, await this.#key);
    const silence = new Silence(silenceMs, WHOLE_MS);
    try {
      const answer = await this.#post(way, sealed.bytes, silence.signal);
      silence.heard();
      return await sealed.open(await bodyOf(answer, silence));
    } catch (cause) {
      if (cause instanceof SilencedError) this.#size = "small";
      if (cause instanceof SealError) this.#ways.lied(way);
      else this.#ways.failed(way);
      throw cause;
    } finally {
      silence.end();
    }
  }

  async #post(way: string, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Response> {
    const answer = await this.#send(new URL("/mailbox", way), {
      method: "POST",
      body,
      headers: { "Content-Type": "application/octet-stream" },
      signal,
      redirect: "error",
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (answer.status !== 200) throw new TypeError(`this way answered ${answer.status}`);
    return answer;
  }
}

/** The body of an answer has begun, and does not end: the network may let nothing so long through. */
class SilencedError extends Error {}

/** @throws SealError for more than any portal answers; SilencedError for what stops in the middle */
async function bodyOf({ body }: Response, silence: Silence): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = body?.getReader();
  const read = () =>
    reader?.read().catch((cause) => {
      throw new SilencedError("the answer does not come whole", { cause });
    });
  let length = 0;
  for (let next = await read(); next?.done === false; next = await read()) {
    silence.heard();
    length += next.value.length;
    if (length > MAX_BODY_BYTES) {
      void reader?.cancel();
      throw new SealError("malformed", "the answer is longer than all answers");
    }
    parts.push(next.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function noWay(): TypeError {
  return new TypeError("no way leads to the portal");
}
