import type { PosternCommand } from "../command.js";
import type { PruneOptions } from "../prune.js";

export const prune: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("prune")
      .description("remove submissions acknowledged more than POSTERN_RETENTION_DAYS ago, and replies of that age")
      .option("--dry-run", "list what would be removed, and remove nothing")
      .action(async (options: PruneOptions) => (await import("../prune.js")).pruneStore(await readConfig(), options));
  },
};
