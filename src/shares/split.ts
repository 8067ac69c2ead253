import { combine, split } from "shamir-secret-sharing";
import { SHARE_BYTES, type Share } from "./share.js";
import { JoinError, SplitError } from "./share-error.js";

/** Bytes of a secret that can be split. */
export const SECRET_BYTES = 16;
/** More would be a long evening, and a mistake in the number. */
export const MAX_SHARES = 32;
/** Choices of shares to try when one of them was made up. */
const MAX_TRIES = 2_000;

/**
 * Splits `secret` of 16 bytes among `shares` people, so that any `need` of them have it and fewer have nothing.
 * @throws SplitError
 */
export async function splitSecret(secret: Uint8Array, shares: number, need: number): Promise<Share[]> {
  if (secret.length !== SECRET_BYTES) throw new SplitError("bad_secret", `a secret has ${SECRET_BYTES} bytes`);
  if (!(Number.isInteger(shares) && Number.isInteger(need) && need >= 2 && need <= shares && shares <= MAX_SHARES)) {
    throw new SplitError("bad_count", `there can be 2 to ${MAX_SHARES} shares, and from 2 to all of them needed`);
  }
  const [set = 0] = crypto.getRandomValues(new Uint32Array(1));
  const parts = await split(await withDigest(secret), shares, need);
  return parts.map((part) => ({
    set: set >>> 12,
    need,
    x: part[SHARE_BYTES] ?? 0,
    data: part.subarray(0, SHARE_BYTES),
  }));
}

/**
 * The secret of `shares`, in any order. With more than are needed, it names a share that was made up.
 * @throws JoinError
 */
export async function joinShares(shares: readonly Share[]): Promise<Uint8Array> {
  const [first] = shares;
  if (first === undefined) throw new JoinError("too_few", "there is no share");
  const others = placesOf(shares, ({ set, need }) => set !== first.set || need !== first.need);
  if (others.length > 0) throw new JoinError("other_set", `${named(others)} not of the same split as share 1`, others);
  const again = placesOf(shares, ({ x }, index) => shares.findIndex((each) => each.x === x) < index);
  if (again.length > 0) throw new JoinError("twice", `${named(again)} given twice`, again);
  const { need } = first;
  if (shares.length < need) {
    throw new JoinError("too_few", `${need} shares are needed, and there are ${shares.length}`);
  }
  const all = [...shares.keys()];
  for (const places of choices(all, need, { left: MAX_TRIES })) {
    const secret = await secretAt(shares, places);
    if (secret === null) continue;
    const rest = all.filter((place) => !places.includes(place));
    const fits = await Promise.all(rest.map((place) => secretAt(shares, [...places.slice(1), place])));
    const wrong = rest.filter((_, index) => fits[index] === null).map((place) => place + 1);
    if (wrong.length > 0) throw new JoinError("false_share", `${named(wrong)} not what was handed out`, wrong);
    return secret;
  }
  throw new JoinError("false_share", "these shares do not fit together: one of them is not what was handed out");
}

/** Null unless the digest fits. */
async function secretAt(shares: readonly Share[], places: readonly number[]): Promise<Uint8Array | null> {
  const parts = places.flatMap((place) => {
    const share = shares[place];
    return share === undefined ? [] : [Uint8Array.of(...share.data, share.x)];
  });
  const joined = await combine(parts);
  const secret = joined.slice(0, SECRET_BYTES);
  return (await withDigest(secret)).every((byte, index) => byte === joined[index]) ? secret : null;
}

/** The secret, and the first four bytes of its SHA-256: they tell whether shares fit together. */
async function withDigest(secret: Uint8Array): Promise<Uint8Array> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(secret)));
  return Uint8Array.of(...secret, ...digest.subarray(0, SHARE_BYTES - SECRET_BYTES));
}

/** Choices of `size` of `items`, as many as are left. */
function* choices(items: readonly number[], size: number, tries: { left: number }): Generator<readonly number[]> {
  if (size === 0) {
    tries.left -= 1;
    yield [];
    return;
  }
  for (const [index, item] of items.entries()) {
    if (items.length - index < size) return;
    for (const rest of choices(items.slice(index + 1), size - 1, tries)) {
      if (tries.left < 0) return;
      yield [item, ...rest];
    }
  }
}

function placesOf(shares: readonly Share[], test: (share: Share, index: number) => boolean): number[] {
  return shares.flatMap((share, index) => (test(share, index) ? [index + 1] : []));
}

function named(places: readonly number[]): string {
  return places.length === 1 ? `share ${places.join()} is` : `shares ${places.join(", ")} are`;
}
