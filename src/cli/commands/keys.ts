import { Option } from "commander";
import type { PosternCommand } from "../command.js";
import type { JoinOptions } from "../join.js";
import type { NewKeyOptions } from "../keys.js";
import type { BurnOptions, MonthlyOptions, NewMonthlyOptions } from "../months.js";
import { certificateName, expires, PASSPHRASE_FILE, wholeNumber } from "../options.js";
import type { SplitOptions } from "../split.js";

export const keys: PosternCommand = {
  register(postern, { readConfig }) {
    const group = postern.command("keys").description("make, check and split the recipients' keys");
    group
      .command("new")
      .description("make a key pair: the certificate for the server, the secret key for the offline machine")
      .addOption(certificateName())
      .option("--email <address>", "email address in the certificate, which is public")
      .addOption(
        new Option("--profile <profile>", "gnupg: GnuPG can open submissions; rfc9580: browsers encrypt faster")
          .choices(["gnupg", "rfc9580"])
          .default("gnupg"),
      )
      .option("--secret <folder>", "folder for the secret key; never inside the keys or the store", "postern-secret")
      .option(...PASSPHRASE_FILE)
      .addOption(expires())
      .addOption(epochs().conflicts(["profile", "expires"]))
      .addOption(keyFile())
      .action(async (options: NewKeyOptions & Partial<NewMonthlyOptions>) => {
        const { epochs, keyFile = DEFAULT_KEY_FILE } = options;
        if (epochs === undefined) await (await import("../keys.js")).newKey(await readConfig(), options);
        else await (await import("../months.js")).newMonthlyKey(await readConfig(), { ...options, epochs, keyFile });
      });
    group
      .command("check")
      .description("check the recipients' certificates as the server does when it starts")
      .action(async () => (await import("../keys.js")).checkKeys(await readConfig()));
    group
      .command("extend")
      .description("add months to a certificate that has a subkey for each month, with its primary key")
      .requiredOption("--certificate <file>", "the certificate")
      .requiredOption("--primary <file>", "the primary key, from the safe")
      .addOption(epochs().makeOptionMandatory())
      .option("--secret <folder>", "folder of the months' secrets", "postern-secret")
      .addOption(keyFile())
      .option(...PASSPHRASE_FILE)
      .action(async (options: MonthlyOptions & { readonly certificate: string; readonly primary: string }) =>
        (await import("../months.js")).extendKey(await readConfig(), options),
      );
    group
      .command("burn")
      .description("destroy the secret of a month, so that nobody can open its letters any more")
      .argument("<month>", "such as 2026-10")
      .option("--secret <folder>", "folder of the months' secrets", "postern-secret")
      .addOption(keyFile())
      .option(
        "--ledger <file>",
        "what postern ledger printed on the server: whether letters of that month are unopened",
      )
      .option("--force", "even if letters of that month are unopened, or it is not over")
      .action(async (month: string, options: BurnOptions) => (await import("../months.js")).burn(month, options));
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

const DEFAULT_KEY_FILE = "postern-key-file";
const epochs = () =>
  new Option("--epochs <months>", "a subkey for each of so many months, to be burnt one by one").argParser(
    wholeNumber(1, 60),
  );
const keyFile = () =>
  new Option("--key-file <file>", "opens the months' files; keep it on another medium").default(DEFAULT_KEY_FILE);
const count = wholeNumber(2, 32);
const shares = () => new Option("--shares <number>", "how many shares to make").default(5).argParser(count);
const need = () => new Option("--need <number>", "how many of them are needed").default(3).argParser(count);
