import type { PosternCommand } from "../command.js";

export const audit: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("audit")
      .description("check the record of what staff did")
      .command("verify")
      .description("verify that no entry of the audit trail was changed or removed")
      .option("--head <hash>", "a last line noted earlier, which must still be in the trail")
      .action(async ({ head }: { head?: string }) =>
        (await import("../audit.js")).verifyAudit(await readConfig(), head),
      );
  },
};
