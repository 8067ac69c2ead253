import type { PosternCommand } from "../command.js";
import { failUnless } from "../exit-code.js";
import { passphraseFiles, secretKeys } from "../options.js";
import type { RekeyOptions } from "../rekey.js";

export const rekey: PosternCommand = {
  register(postern) {
    postern
      .command("rekey")
      .description("encrypt old submissions to new recipients, on the offline machine")
      .argument("<path...>", "encrypted files, or folders of them")
      .addOption(secretKeys("secret key file that opens them").makeOptionMandatory())
      .requiredOption("--to <folder>", "folder of the new recipients' certificates, *.asc")
      .addOption(passphraseFiles())
      .option("--out <folder>", "folder for the new files", "rekeyed")
      .action(async (paths: string[], options: RekeyOptions) =>
        failUnless(await (await import("../rekey.js")).rekeyAll(paths, options)),
      );
  },
};
