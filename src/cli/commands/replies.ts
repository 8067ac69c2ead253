import type { PosternCommand } from "../command.js";
import { failUnless } from "../exit-code.js";

export const replies: PosternCommand = {
  register(postern, { readConfig }) {
    const group = postern.command("replies").description("manage the replies that wait on this server");
    group
      .command("import")
      .description("put encrypted replies into the mailboxes of the store; the portal may be running")
      .argument("<folder>", "folder of files ending in .reply.gpg")
      .action(async (folder: string) =>
        failUnless(await (await import("../replies.js")).importReplies(await readConfig(), folder)),
      );
    group
      .command("expire")
      .description("remove replies older than POSTERN_RETENTION_DAYS")
      .action(async () => (await import("../replies.js")).expireReplies(await readConfig()));
  },
};
