import { Option } from "commander";
import type { PosternCommand } from "../command.js";
import { failUnless } from "../exit-code.js";
import type { ReplyOptions } from "../reply.js";

export const reply: PosternCommand = {
  register(postern) {
    postern
      .command("reply")
      .description("encrypt a reply to the submitters of cases, on the offline machine")
      .argument("<case-folder...>", "folders of opened submissions")
      .addOption(new Option("--text <file>", "the reply, a text file in UTF-8").conflicts("template"))
      .option("--template <name>", "the reply, from templates/NAME.ru.txt, .uk.txt or .en.txt beside the cases")
      .addOption(
        new Option("--language <language>", "of the template (default: that of each letter)").choices([
          "ru",
          "uk",
          "en",
        ]),
      )
      .option("--attach <file...>", "documents to attach")
      .option("--preview", "print what would be sent, and write nothing")
      .option("--keep-for <folder>", "encrypt a copy to staff's certificates in this folder (default: keys, if there)")
      .option("--no-keep-for", "keep no copy of the text")
      .option("--by <name>", "who answers, for the case's log")
      .option("--out <folder>", "folder for the encrypted replies", ".")
      .action(async (caseFolders: string[], options: ReplyOptions) =>
        failUnless(await (await import("../reply.js")).reply(caseFolders, options)),
      );
  },
};
