import type { PosternCommand } from "../command.js";

export const demo: PosternCommand = {
  register(postern, { program, hasDisplay }) {
    postern
      .command("demo")
      .description("send and open a sample appeal with a throw-away key, then keep serving")
      .option("--once", "stop after the sample appeal")
      .action(async ({ once = false }: { once?: boolean }) =>
        (await import("../demo.js")).demo({ once, program, hasDisplay }),
      );
  },
};
