import { Option } from "commander";
import type { CaseStatus } from "../../desk/index.js";
import type { CaseSetOptions } from "../case.js";
import type { PosternCommand } from "../command.js";

/** Every status once: the type checker refuses a list that lacks one. */
const STATUSES: Readonly<Record<CaseStatus, true>> = {
  new: true,
  reading: true,
  waiting: true,
  answered: true,
  closed: true,
};

export const caseNotes: PosternCommand = {
  register(postern) {
    postern
      .command("case")
      .description("edit staff's notes on a case, on the offline machine")
      .command("set")
      .description("set a case's status or note, which the index shows")
      .argument("<case>", "folder or id of the case")
      .addOption(new Option("--status <status>", "status of the case").choices(Object.keys(STATUSES)))
      .option("--note <text>", "note; an empty one removes it")
      .option("--out <folder>", "folder of the cases", "cases")
      .action(async (given: string, options: CaseSetOptions) => (await import("../case.js")).setCase(given, options));
  },
};
