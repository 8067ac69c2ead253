import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { Secret, TOTP } from "otpauth";
import { z } from "zod";

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** 64 MiB and about a fifth of a second: enough to make guessing at a stolen file slow, and not to fall over by itself. */
const COST = { N: 2 ** 16, r: 8, p: 1 };
const LENGTH = 32;
const PERIOD = 30;
/** How many steps a clock may be off, either way. */
const WINDOW = 1;
export const SHORTEST_PASSPHRASE = 12;
export const NAME = /^[a-z][a-z0-9.-]{0,31}$/;

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);

/** Couriers fetch, acknowledge and bring replies; managers also delete, and manage staff. */
export const role = z.enum(["courier", "manager"]);
export type Role = z.infer<typeof role>;

export const account = z.object({
  name: z.string().regex(NAME),
  role,
  passphrase: z.object({ N: z.int(), r: z.int(), p: z.int(), salt: base64, hash: base64 }),
  /** Base32, as authenticator programs take it. */
  totp: z.string().regex(/^[A-Z2-7]+$/),
  /** The last time step whose code was used: no code is good twice. */
  lastStep: z.int().nullable(),
});
export type Account = z.infer<typeof account>;

/** A new account; the passphrase is kept only as its scrypt hash. */
export async function createAccount(name: string, role: Role, passphrase: string): Promise<Account> {
  const salt = randomBytes(16);
  const hash = await hashPassphrase(passphrase, salt, COST);
  return {
    name,
    role,
    passphrase: { ...COST, salt: salt.toString("base64"), hash: hash.toString("base64") },
    totp: new Secret({ size: 20 }).base32,
    lastStep: null,
  };
}

/** What an authenticator program reads, as a link or a QR code. */
export function totpLink({ name, totp }: Account): string {
  return new TOTP({ issuer: "Postern", label: name, secret: Secret.fromBase32(totp), period: PERIOD }).toString();
}

export async function passphraseMatches({ passphrase }: Account, typed: string): Promise<boolean> {
  const { salt, hash, N, r, p } = passphrase;
  const expected = Buffer.from(hash, "base64");
  return timingSafeEqual(await hashPassphrase(typed, Buffer.from(salt, "base64"), { N, r, p }), expected);
}

/** The time step that `code` belongs to, or null if it is no code of now or was used already. */
export function totpStep({ totp, lastStep }: Account, code: string, now: Date): number | null {
  const token = code.replace(/\s/g, "");
  const counter = Math.floor(now.getTime() / 1000 / PERIOD);
  const delta = /^\d{6}$/.test(token)
    ? new TOTP({ secret: Secret.fromBase32(totp), period: PERIOD }).validate({
        token,
        timestamp: now.getTime(),
        window: WINDOW,
      })
    : null;
  if (delta === null) return null;
  const step = counter + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

async function hashPassphrase(typed: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  // People type the same letters on different keyboards.
  return derive(typed.normalize("NFKC"), salt, LENGTH, { ...cost, maxmem: 256 * cost.N * cost.r });
}
