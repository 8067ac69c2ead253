import type { PosternCommand } from "../command.js";

export const ledger: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("ledger")
      .description("print what nobody has opened yet, by day of arrival, for postern keys burn")
      .action(async () => (await import("../ledger.js")).exportLedger(await readConfig()));
  },
};
