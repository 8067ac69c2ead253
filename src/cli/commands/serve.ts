import type { PosternCommand } from "../command.js";

export const serve: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("serve")
      .description("run the submitters' portal, configured by POSTERN_ environment variables")
      .action(async () => {
        // Before all that it needs to run: faults in the settings are said at once.
        const config = await readConfig();
        await (await import("../serve.js")).serve(config);
      });
  },
};
