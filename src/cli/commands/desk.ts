import type { PosternCommand } from "../command.js";

export const desk: PosternCommand = {
  register(postern, { hasDisplay }) {
    postern
      .command("desk")
      .description("work on the cases in this machine's browser: status, notes, people; each change is saved at once")
      .argument("[cases]", "folder of the cases", "cases")
      .action(async (root: string) => (await import("../desk.js")).serveDesk(root, hasDisplay));
  },
};
