import type { PosternCommand } from "../command.js";
import type { DeskOptions } from "../desk.js";

export const desk: PosternCommand = {
  register(postern, { hasDisplay }) {
    postern
      .command("desk")
      .description(
        "work on the cases in this machine's browser: status, notes, people, answers; each change is saved at once",
      )
      .argument("[cases]", "folder of the cases", "cases")
      .option(
        "--outbox <folder>",
        "folder for answers, which is carried to the server (default: outbox beside the cases)",
      )
      .option(
        "--keep-for <folder>",
        "encrypt copies of answers to staff's certificates in this folder (default: keys, if there)",
      )
      .option("--no-keep-for", "keep no copies of answers")
      .action(async (root: string, options: DeskOptions) =>
        (await import("../desk.js")).serveDesk(root, options, hasDisplay),
      );
  },
};
