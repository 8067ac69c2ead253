import type { PosternCommand } from "../command.js";
import { SOCKS } from "../options.js";
import type { VerifyOptions } from "../verify.js";

export const verify: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("verify")
      .description("compare a live portal with this build, or with a signed manifest; exits with 1 on any difference")
      .argument("<url>", "the portal's address, such as https://portal.example.org/")
      .option(SOCKS, "connect through a SOCKS proxy, such as Tor's 127.0.0.1:9050")
      .option("--signer <file>", "the release key's certificate: compare with the manifest that it signed")
      .option("--manifest <file>", "use this manifest, with its .asc next to it, instead of the portal's")
      .option("--portal-salt <hex>", "require this salt instead of the one on the portal's page")
      .option("--copy", "the address is a copy of the pages, made with postern site")
      .option("--sends", "the address is a copy that sends, made with postern site --sends; it may be a folder's")
      .action(async (url: string, options: VerifyOptions) =>
        (await import("../verify.js")).verify(readConfig, url, options),
      );
  },
};
