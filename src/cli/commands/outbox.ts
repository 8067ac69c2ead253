import type { PosternCommand } from "../command.js";
import { failUnless } from "../exit-code.js";
import type { OutboxOptions } from "../outbox.js";

export const outbox: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("outbox")
      .description("import what the desk has written for this server")
      .command("import")
      .description("take acknowledgement, replies and deletions from one folder; the portal may be running")
      .argument("<folder>", "the outbox, as postern open, reply and case delete filled it")
      .option("--delete", "delete the submissions that deletions.json names; without it, they are counted")
      .action(async (folder: string, options: OutboxOptions) =>
        failUnless(await (await import("../outbox.js")).importOutbox(await readConfig(), folder, options)),
      );
  },
};
