import { Option } from "commander";
import type { PosternCommand } from "../command.js";
import { PASSPHRASE_FILE } from "../options.js";
import type { AddStaffOptions } from "../staff.js";

export const staff: PosternCommand = {
  register(postern, { readConfig }) {
    const group = postern.command("staff").description("manage who may sign in to the pickup pages");
    group
      .command("add")
      .description("add an account, and show the QR code for its authenticator")
      .argument("<name>", "lower-case Latin letters, digits, dots and dashes")
      .addOption(
        new Option("--role <role>", "couriers fetch and acknowledge; managers also delete submissions and manage staff")
          .choices(["courier", "manager"])
          .default("courier"),
      )
      .option(...PASSPHRASE_FILE)
      .action(async (name: string, options: AddStaffOptions) =>
        (await import("../staff.js")).addStaff(await readConfig(), name, options),
      );
    group
      .command("list")
      .description("list accounts with their roles")
      .action(async () => (await import("../staff.js")).listStaff(await readConfig()));
    group
      .command("remove")
      .description("remove an account, and end its session at once")
      .argument("<name>", "as postern staff list shows it")
      .action(async (name: string) => (await import("../staff.js")).removeStaff(await readConfig(), name));
  },
};
