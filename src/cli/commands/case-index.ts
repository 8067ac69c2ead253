import type { PosternCommand } from "../command.js";

export const caseIndex: PosternCommand = {
  register(postern) {
    postern
      .command("index")
      .description("rebuild the index of cases, on the offline machine")
      .option("--out <folder>", "folder of the cases", "cases")
      .action(async ({ out }: { out: string }) => (await import("../case.js")).indexCases(out));
  },
};
