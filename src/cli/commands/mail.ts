import type { PosternCommand } from "../command.js";

export const mail: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("mail")
      .description("take letters by email and encrypt them on arrival, configured by POSTERN_ environment variables")
      .action(async () => {
        // Before all that it needs to run: faults in the settings are said at once.
        const config = await readConfig();
        await (await import("../mail.js")).mail(config);
      });
  },
};
