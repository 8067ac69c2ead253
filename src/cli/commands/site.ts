import type { PosternCommand } from "../command.js";
import type { SiteOptions } from "../site.js";

export const site: PosternCommand = {
  register(postern, { readConfig }) {
    postern
      .command("site")
      .description("write the submitters' pages as files for a static host, with a manifest of their digests")
      .argument("<folder>", "a new or empty folder")
      .option("--onion", "write the pages as the onion service sends them")
      .option("--portal-salt <hex>", "the portal's salt, if its store is not on this machine")
      .option("--sends", "write the form that sends through POSTERN_RELAYS alone, for any folder of any static host")
      .option("--app <url>", "address of this source code, which WEBCAT requires in the manifest")
      .action(async (folder: string, options: SiteOptions) =>
        (await import("../site.js")).writeSiteTo(folder, await readConfig(), options),
      );
  },
};
