import { Option } from "commander";
import type { PosternCommand } from "../command.js";
import type { NewKeyOptions } from "../keys.js";
import { certificateName, expires, PASSPHRASE_FILE } from "../options.js";

export const keys: PosternCommand = {
  register(postern, { readConfig }) {
    const group = postern.command("keys").description("make and check the recipients' keys");
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
  },
};
