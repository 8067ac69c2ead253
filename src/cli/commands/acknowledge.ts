import type { PosternCommand } from "../command.js";
import { failUnless } from "../exit-code.js";

export const acknowledge: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("acknowledge")
      .description("mark as opened the submissions that the desk opened")
      .argument("<file>", "acknowledgement.json, as postern open wrote it")
      .action(async (file: string) =>
        failUnless(await (await import("../acknowledge.js")).acknowledgeFrom(file, await readConfig())),
      );
  },
};
