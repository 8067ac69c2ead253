import { Option } from "commander";
import type { PosternCommand } from "../command.js";
import { RELAY_CLIENTS, RELAY_LISTEN, SOCKS } from "../options.js";
import type { RelayOptions } from "../relay.js";

export const relay: PosternCommand = {
  register(postern) {
    postern
      .command("relay")
      .description("pass on encrypted letters to another machine's portal, and replies back; keeps nothing")
      .requiredOption("--to <url>", "the portal: https://…, or http://….onion with --socks")
      .option(SOCKS, "reach the portal through this SOCKS proxy, such as Tor's 127.0.0.1:9050")
      .option(
        "--secret-file <file>",
        "tell the portal visitors apart, by names that say nothing of them; shared with it",
      )
      .option("--listen <address>", "ADDRESS:PORT or unix:/PATH", RELAY_LISTEN)
      .addOption(
        new Option(
          "--clients <source>",
          "who says where a connection comes from: the socket, a PROXY line or X-Forwarded-For",
        )
          .choices(RELAY_CLIENTS)
          .default(RELAY_CLIENTS[0]),
      )
      .action(async (options: RelayOptions) => (await import("../relay.js")).relay(options));
  },
};
