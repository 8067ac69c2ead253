import type { PosternCommand } from "../command.js";
import type { ReplyOptions } from "../reply.js";

export const reply: PosternCommand = {
  register(postern) {
    postern
      .command("reply")
      .description("encrypt a reply to the submitter of a case, on the offline machine")
      .argument("<case-folder>", "folder of an opened submission")
      .requiredOption("--text <file>", "the reply, a text file in UTF-8")
      .option("--attach <file...>", "documents to attach")
      .option("--out <folder>", "folder for the encrypted reply", ".")
      .action(async (caseFolder: string, options: ReplyOptions) =>
        (await import("../reply.js")).reply(caseFolder, options),
      );
  },
};
