/**
 * `keys` in the order to try for a message that arrived at `arrived`, ms: first those that had begun, the newest first,
 * then those that begin later. A certificate with a subkey for each month is encrypted to by the newest that has begun.
 * @param createdOf when a key was created, ms
 */
export function inOrderOf<Key>(keys: readonly Key[], createdOf: (key: Key) => number, arrived: number): readonly Key[] {
  if (keys.length < 2) return keys;
  const ages = keys.map((key) => ({ key, age: arrived - createdOf(key) }));
  return ages.sort((left, right) => rank(left.age) - rank(right.age)).map(({ key }) => key);
}

function rank(age: number): number {
  return age >= 0 ? age : Number.MAX_SAFE_INTEGER / 2 - age;
}
