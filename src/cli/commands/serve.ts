import type { PosternCommand } from "../command.js";

export const serve: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("serve")
      .description("run the submitters' portal, configured by POSTERN_ environment variables")
      .action(async () => (await import("../serve.js")).serve(await readConfig()));
  },
};
