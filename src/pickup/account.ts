import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { Secret, TOTP } from "otpauth";
import { z } from "zod";
import { randomHex } from "../core/index.js";

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** scrypt with 64 MiB and about 0.2 s: slows down guessing from a stolen file, and the server can afford it. */
const COST = { N: 2 ** 16, r: 8, p: 1 };
const HASH_BYTES = 32;
const TOTP_PERIOD_S = 30;
/** Clock skew tolerated either way, in periods. */
const TOTP_WINDOW = 1;
export const MIN_PASSPHRASE_LENGTH = 12;
export const NAME = /^[a-z][a-z0-9.-]{0,31}$/;

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);

/** Couriers download submissions and import acknowledgements and replies. Managers also delete and manage staff. */
export const role = z.enum(["courier", "manager"]);
export type Role = z.infer<typeof role>;

const stored = z.object({
  /** 32 hex digits. Missing in a file of version 0.1.0. */
  id: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  name: z.string().regex(NAME),
  role,
  passphrase: z.object({ N: z.int(), r: z.int(), p: z.int(), salt: base64, hash: base64 }),
  /** The TOTP secret in base32 (RFC 6238). */
  totp: z.string().regex(/^[A-Z2-7]+$/),
  /** The time step of the last code used, so that no code works twice. */
  lastStep: z.int().nullable(),
});

/** An account. Its id tells it from an earlier account of the same name. */
export const account = stored.transform((each) => ({ ...each, id: each.id ?? idFromSalt(each) }));
export type Account = z.output<typeof account>;

/** A new account with a new TOTP secret. It keeps only the scrypt hash of the passphrase. */
export async function createAccount(name: string, role: Role, passphrase: string): Promise<Account> {
  const salt = randomBytes(16);
  return accountOf(name, role, salt, await hashPassphrase(passphrase, salt, COST));
}

/** An account that no passphrase opens, and that takes as long to refuse as any other. */
export function accountOfNobody(): Account {
  return accountOf("nobody", "courier", randomBytes(16), randomBytes(HASH_BYTES));
}

function accountOf(name: string, role: Role, salt: Buffer, hash: Buffer): Account {
  return {
    id: randomHex(16),
    name,
    role,
    passphrase: { ...COST, salt: salt.toString("base64"), hash: hash.toString("base64") },
    totp: new Secret({ size: 20 }).base32,
    lastStep: null,
  };
}

/** The `otpauth:` link for authenticator apps. */
export function totpLink({ name, totp }: Account): string {
  return new TOTP({
    issuer: "Postern",
    label: name,
    secret: Secret.fromBase32(totp),
    period: TOTP_PERIOD_S,
  }).toString();
}

/** The code that an authenticator shows at `date`. */
export function totpCode({ totp }: Account, date: Date): string {
  return new TOTP({ secret: Secret.fromBase32(totp), period: TOTP_PERIOD_S }).generate({ timestamp: date.getTime() });
}

export async function passphraseMatches({ passphrase }: Account, typed: string): Promise<boolean> {
  const { salt, hash, N, r, p } = passphrase;
  const expected = Buffer.from(hash, "base64");
  return timingSafeEqual(await hashPassphrase(typed, Buffer.from(salt, "base64"), { N, r, p }), expected);
}

/** The time step of `code`, or null if the code is wrong, expired or used already. */
export function totpStep({ totp, lastStep }: Account, code: string, now: Date): number | null {
  const token = code.replace(/\s/g, "");
  const counter = Math.floor(now.getTime() / 1000 / TOTP_PERIOD_S);
  const delta = /^\d{6}$/.test(token)
    ? new TOTP({ secret: Secret.fromBase32(totp), period: TOTP_PERIOD_S }).validate({
        token,
        timestamp: now.getTime(),
        window: TOTP_WINDOW,
      })
    : null;
  if (delta === null) return null;
  const step = counter + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

/** The salt is random for each account, and never changes. */
function idFromSalt({ passphrase }: z.output<typeof stored>): string {
  return createHash("sha256").update(passphrase.salt).digest("hex").slice(0, 32);
}

async function hashPassphrase(typed: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  // Keyboards encode the same letters differently.
  return derive(typed.normalize("NFKC"), salt, HASH_BYTES, { ...cost, maxmem: 256 * cost.N * cost.r });
}
