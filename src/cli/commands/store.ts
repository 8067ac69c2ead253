import type { PosternCommand } from "../command.js";
import type { StoreCopyOptions } from "../store-copy.js";

export const store: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("store")
      .description("move what is stored")
      .command("copy <from> <to>")
      .description("copy submissions, replies and the portal's salt: each file:FOLDER or s3://BUCKET/PREFIX")
      .option("--endpoint <url>", "URL of the object store (default: that of POSTERN_STORE, or AWS)")
      .option("--region <name>", "its region (default: that of POSTERN_STORE, or us-east-1)")
      .action(async (from: string, to: string, options: StoreCopyOptions) =>
        (await import("../store-copy.js")).storeCopy(await readConfig(), from, to, options),
      );
  },
};
