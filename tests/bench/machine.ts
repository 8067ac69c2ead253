import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";

const VERSIONS: readonly (readonly [name: string, program: string, pattern: RegExp])[] = [
  ["GnuPG", "gpg", /gpg \(GnuPG\) (\S+)/],
  ["libgcrypt", "gpg", /libgcrypt (\S+)/],
  ["Chromium", "chromium", /Chromium (\d+)/],
  ["Firefox ESR", "firefox-esr", /Firefox (\d+)/],
  ["OnionShare", "onionshare-cli", /v(\d+\.\d+)/],
];

/** What the figures were measured on and with. */
export function describeMachine(): string[] {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const found = [
    `${cpus().length} cores of ${cpu?.model.trim() ?? "an unknown kind"}`,
    `${memory} GiB`,
    `${type()} ${release().split(".").slice(0, 2).join(".")}`,
  ];
  found.push(`Node ${process.versions.node}`, `OpenSSL ${process.versions.openssl}`);
  for (const [name, program, pattern] of VERSIONS) {
    try {
      const argument = program === "onionshare-cli" ? "--help" : "--version";
      const said = execFileSync(program, [argument], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      const version = pattern.exec(said)?.[1];
      if (version !== undefined) found.push(`${name} ${version}`);
    } catch {
      // It is not installed, and what needs it says so.
    }
  }
  return found;
}
