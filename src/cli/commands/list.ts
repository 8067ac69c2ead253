import type { PosternCommand } from "../command.js";

export const list: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("list")
      .description("list the stored submissions: id, day, bytes, and whether collected or opened")
      .option("--new", "only those that nobody has collected")
      .action(async (options: { new?: boolean }) => (await import("../list.js")).list(await readConfig(), options));
  },
};
