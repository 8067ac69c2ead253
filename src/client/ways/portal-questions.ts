import {
  type AnswerSize,
  importMailboxKey,
  type MailboxAnswer,
  type Question,
  SealError,
  sealQuestion,
} from "../../seal/index.js";
import { backoffMs, waitForRetry } from "../backoff.js";
import { within } from "../within.js";
import { fromBase64 } from "./base64.js";
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
/** For one way to answer. A large answer is some 70 KB. */
const LIMIT_MS: Readonly<Record<AnswerSize, number>> = { large: 20_000, small: 8_000 };
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
        const answer = await this.#askBy(way, { ...asked, size: this.#size }).catch(() => null);
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

  async #askBy(way: string, question: Question): Promise<MailboxAnswer> {
    const sealed = await sealQuestion(question, await this.#key);
    try {
      const limits = { limitMs: LIMIT_MS[question.size], outer: null, late: () => undefined };
      const bytes = await within(limits, (signal) => this.#post(way, sealed.bytes, signal));
      return await sealed.open(bytes);
    } catch (cause) {
      if (cause instanceof SealError) this.#ways.lied(way);
      else this.#ways.failed(way);
      throw cause;
    }
  }

  async #post(way: string, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
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
    return bodyOf(answer);
  }
}

/** @throws SealError for more than any portal answers */
async function bodyOf({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = body?.getReader();
  let length = 0;
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
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
