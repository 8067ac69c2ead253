import { type CeremonyOptions, writeCeremony } from "../desk/index.js";
import { SplitError } from "../shares/index.js";

/** `postern keys ceremony`: prints the protocol to fill in. @throws SplitError for numbers that cannot be */
export function printCeremony({ language, shares, need }: CeremonyOptions): void {
  if (need > shares) throw new SplitError("bad_count", "more shares are needed than there are");
  process.stdout.write(writeCeremony({ language, shares, need }));
}
