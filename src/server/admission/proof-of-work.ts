import { createHmac, randomBytes, randomInt } from "node:crypto";
import { type Challenge, createChallenge, type Solution, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { z } from "zod";
import { FairQueue } from "./fair-queue.js";

/** Rounds of PBKDF2 in one try. */
const ROUNDS = 2_000;
/**
 * A browser needs half of them on average: seconds on a cheap phone. Every number is as likely, so that none is a head
 * start.
 */
const MAX_TRIES = 1_200;
const PROOF_TIMEOUT_MS = 10 * 60 * 1000;
const MAX_HEADER_LENGTH = 2_048;
const MAX_USED = 200_000;

const proof = z.object({
  challenge: z.object({ parameters: z.record(z.string(), z.unknown()), signature: z.string() }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
});

/** Challenges that cost a browser some seconds, and the checking of their solutions, which costs next to nothing. */
export class ProofsOfWork {
  readonly #secret: string;
  readonly #keySecret: string;
  /** Signatures of used challenges, in the order of their use, until they would expire anyway. */
  readonly #used = new Map<string, number>();
  readonly queue = new FairQueue({ parallel: 2, maxWaiting: 500, waitTimeoutMs: 10_000 });

  /** @param shared a secret of all processes of one portal, so that each accepts the challenges of the others */
  constructor(shared: Uint8Array | null = null) {
    const secret = shared ?? randomBytes(32);
    const derive = (use: string) => createHmac("sha256", secret).update(use).digest("hex");
    this.#secret = derive("signature of a task");
    this.#keySecret = derive("signature of its solution");
  }

  /** @throws BusyError */
  challenge(visitor: string | null): Promise<Challenge> {
    return this.queue.pass(visitor, () =>
      createChallenge({
        algorithm: "PBKDF2/SHA-256",
        cost: ROUNDS,
        counter: randomInt(MAX_TRIES),
        expiresAt: new Date(Date.now() + PROOF_TIMEOUT_MS),
        deriveKey,
        hmacSignatureSecret: this.#secret,
        hmacKeySignatureSecret: this.#keySecret,
      }),
    );
  }

  /** Whether `header` proves work that nobody has proven before. */
  async accept(header: string | undefined): Promise<boolean> {
    const given = read(header);
    if (given === null) return false;
    const { challenge, solution } = given;
    const { verified } = await verifySolution({
      challenge,
      solution,
      deriveKey,
      hmacSignatureSecret: this.#secret,
      hmacKeySignatureSecret: this.#keySecret,
    }).catch(() => ({ verified: false }));
    const { signature = "" } = challenge;
    this.#forget();
    if (!verified || this.#used.has(signature) || this.#used.size >= MAX_USED) return false;
    this.#used.set(signature, Date.now() + PROOF_TIMEOUT_MS);
    return true;
  }

  #forget(): void {
    const now = Date.now();
    for (const [signature, expiry] of this.#used) {
      if (expiry > now) return;
      this.#used.delete(signature);
    }
  }
}

function read(header: string | undefined): { readonly challenge: Challenge; readonly solution: Solution } | null {
  if (header === undefined || header.length > MAX_HEADER_LENGTH) return null;
  try {
    const { data } = proof.safeParse(JSON.parse(Buffer.from(header, "base64").toString("utf8")));
    return data === undefined ? null : (data as unknown as { challenge: Challenge; solution: Solution });
  } catch {
    return null;
  }
}
