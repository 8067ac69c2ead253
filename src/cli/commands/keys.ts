import { InvalidArgumentError, Option } from "commander";
import type { PosternCommand } from "../command.js";
import type { JoinOptions } from "../join.js";
import type { NewKeyOptions } from "../keys.js";
import { certificateName, expires, PASSPHRASE_FILE } from "../options.js";
import type { SplitOptions } from "../split.js";

export const keys: PosternCommand = {
  register(postern, { readConfig }) {
    const group = postern.command("keys").description("make, check and split the recipients' keys");
    group
      .command("new")
      .description("make a key pair: the certificate for the server, the secret key for the offline machine")
      .addOption(certificateName())
      .option("--email <address>", "e-mail address in the certificate, which is public")
      .addOption(
        new Option("--profile <profile>", "gnupg: GnuPG can open submissions; rfc9580: browsers encrypt faster")
          .choices(["gnupg", "rfc9580"])
          .default("gnupg"),
      )
      .option("--secret <folder>", "folder for the secret key; never inside the keys or the store", "postern-secret")
      .option(...PASSPHRASE_FILE)
      .addOption(expires())
      .action(async (options: NewKeyOptions) => (await import("../keys.js")).newKey(await readConfig(), options));
    group
      .command("check")
      .description("check the recipients' certificates as the server does when it starts")
      .action(async () => (await import("../keys.js")).checkKeys(await readConfig()));
    group
      .command("split")
      .description("lock a secret key with a new passphrase, and split that into shares on paper")
      .argument("<file>", "secret key")
      .addOption(shares())
      .addOption(need())
      .option("--out <folder>", "folder for the key and its shares", "postern-shares")
      .option(...PASSPHRASE_FILE)
      .action(async (file: string, options: SplitOptions) => (await import("../split.js")).splitKey(file, options));
    group
      .command("join")
      .description("put the shares of a key together, on the offline machine: the key's passphrase")
      .argument("[files...]", "shares as text; without any, they are typed")
      .option("--out <file>", "new file for the passphrase; standard output unless given")
      .action(async (files: string[], options: JoinOptions) => (await import("../join.js")).joinKey(files, options));
    group
      .command("ceremony")
      .description("print the protocol for two witnesses of making and splitting a key")
      .addOption(shares())
      .addOption(need())
      .addOption(new Option("--language <language>", "of the protocol").choices(["uk", "en"]).default("en"))
      .action(async (options) => (await import("../ceremony.js")).printCeremony(options));
  },
};

const shares = () => new Option("--shares <number>", "how many shares to make").default(5).argParser(count);
const need = () => new Option("--need <number>", "how many of them are needed").default(3).argParser(count);

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 2 || number > 32) throw new InvalidArgumentError("it must be from 2 to 32");
  return number;
}
