import type { PosternCommand } from "../command.js";

export const mail: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("mail")
      .description("take letters by email and encrypt them on arrival, configured by POSTERN_ environment variables")
      .action(async () => (await import("../mail.js")).mail(await readConfig()));
  },
};
