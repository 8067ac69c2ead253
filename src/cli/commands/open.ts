import type { PosternCommand } from "../command.js";
import { failUnless } from "../exit-code.js";
import type { OpenOptions } from "../open.js";
import { concurrency, minutes, passphraseFiles, secretKeys } from "../options.js";

export const open: PosternCommand = {
  register(postern) {
    postern
      .command("open")
      .description("decrypt submissions into folders, on the offline machine")
      .argument("<path...>", "encrypted files, or folders of them")
      .addOption(secretKeys("secret key file, armored or binary"))
      .option("--gpg", "use GnuPG and the keys of its agent, also on smart cards, instead of a key file")
      .option("--months <folder>", "folder of the secrets of months, as keys new --epochs made it")
      .option("--key-file <file>", "opens the files of the months")
      .addOption(passphraseFiles())
      .option("--jobs <number>", "how many submissions to open at once (default: one per core)", concurrency)
      .option("--timeout <minutes>", "give a file up after this long without any progress (default: 10)", minutes)
      .option("--out <folder>", "folder for the cases", "cases")
      .option(
        "--notices <folder>",
        "folder for notices of the day to each submitter (default: outbox beside the cases)",
      )
      .option("--no-notices", "write no such notices")
      .action(async (paths: string[], options: OpenOptions) =>
        failUnless(await (await import("../open.js")).openAll(paths, options)),
      );
  },
};
