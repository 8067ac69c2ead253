import type { PosternCommand } from "../command.js";
import type { DoctorOptions } from "../doctor.js";
import { append, SOCKS } from "../options.js";

export const doctor: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("doctor")
      .description("check a deployment, on this machine and from outside, and say how to fix each fault")
      .argument("[url...]", "addresses that visitors use, such as https://portal.example.org")
      .option(SOCKS, "connect to these addresses through a SOCKS proxy, such as Tor's 127.0.0.1:9050")
      .option("--clock <url>", "compare the clock with this server's; may be repeated", append, [])
      .option(
        "--proxy-config <file>",
        "check this proxy settings file instead of the usual ones; may be repeated",
        append,
        [],
      )
      .option("--strict", "exit with 1 for a warning as well, for timers and monitoring")
      .action(async (urls: string[], options: DoctorOptions) =>
        (await import("../doctor.js")).doctor(await readConfig(), urls, options),
      );
  },
};
