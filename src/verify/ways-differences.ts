import type { Manifest } from "./manifest.js";

/** How a form may send, as a signed manifest names it; null where it only makes files. */
export type StatedWays = NonNullable<Manifest["postern"]["ways"]> | null;

const NONE: NonNullable<StatedWays> = { addresses: [], key: "none", mailboxKey: null };

/** Names each address and key that is not the same, in words for the report. */
export function waysDifferences(expected: StatedWays, found: StatedWays): readonly string[] {
  const [ours, theirs] = [expected ?? NONE, found ?? NONE];
  const lacking = (from: readonly string[], of: readonly string[]) => of.filter((each) => !from.includes(each));
  const keys = [
    ["receipt key", ours.key, theirs.key],
    ["mailbox key", ours.mailboxKey ?? "none", theirs.mailboxKey ?? "none"],
  ] as const;
  return [
    ...lacking(ours.addresses, theirs.addresses).map((each) => `an address to send to that is not ours: ${each}`),
    ...lacking(theirs.addresses, ours.addresses).map((each) => `an address to send to is missing: ${each}`),
    ...keys.filter(([, own, other]) => own !== other).map(([what, own, other]) => `${what} ${other}; expected ${own}`),
  ];
}
