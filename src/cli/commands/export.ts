import type { PosternCommand } from "../command.js";
import type { ExportOptions } from "../export.js";

export const exportCommand: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("export")
      .description("copy submissions, verify each copy, and mark it as collected")
      .argument("[folder]", "folder for the copies; skips those that it already has")
      .option("--new", "only those that nobody has collected")
      .option("--stdout", "write one tar to standard output instead, and mark nothing")
      .action(async (folder: string | undefined, options: ExportOptions) =>
        (await import("../export.js")).exportTo(folder, await readConfig(), options),
      );
  },
};
