import { dayOf } from "../../core/index.js";
import type { Choice } from "./choice.js";
import { minuteOf } from "./moment.js";
import { type SubkeyState, stateOf } from "./subkey-state.js";
import type { Verified } from "./verified.js";

/**
 * What its owner may not expect of a certificate that is used: a newer encryption subkey that is passed over, and
 * additional decryption subkeys that nothing is encrypted to. Each is a sentence after the certificate's name.
 */
export function remarksOn({ subkeys, unread }: Verified, { keys: [chosen] }: Choice, at: number): string[] {
  return [
    ...subkeys.flatMap(({ key, ...signed }) => {
      const state = stateOf({ key, ...signed }, at);
      const why = whyNotUsed(state);
      if (why === null) return [];
      if (state.additional) return [`has an additional decryption subkey ${key.fingerprint} that is not used: ${why}`];
      if (state.kind === "revoked" || state.kind === "later" || key.created <= chosen.created) return [];
      return [`has a newer encryption subkey ${key.fingerprint} that is not used: ${why}`];
    }),
    ...unread.map((why) => `has a subkey that is not used: ${why}`),
  ];
}

function whyNotUsed(state: SubkeyState): string | null {
  switch (state.kind) {
    case "weak":
      return state.why;
    case "revoked":
      return "it has been revoked";
    case "ended":
      return `it expired on ${dayOf(new Date(state.ends))}`;
    case "later":
      return `it begins at ${minuteOf(state.begins)}`;
    default:
      return null;
  }
}
