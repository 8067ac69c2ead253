import type { PosternCommand } from "../command.js";
import type { ReleaseKeyOptions, SignOptions } from "../manifest.js";
import { certificateName, expires, PASSPHRASE_FILE } from "../options.js";

export const manifest: PosternCommand = {
  register(postern) {
    const group = postern.command("manifest").description("sign and check a manifest; never on the server");
    group
      .command("key")
      .description("make a release key: it signs manifests, and nobody can encrypt to it")
      .addOption(certificateName())
      .option("--out <folder>", "folder for the secret key and the certificate", "postern-release")
      .addOption(expires())
      .option(...PASSPHRASE_FILE)
      .action(async (options: ReleaseKeyOptions) => (await import("../manifest.js")).makeReleaseKey(options));
    group
      .command("sign")
      .description("write a detached signature next to a manifest")
      .argument("<file>", "manifest.json, as postern site wrote it")
      .requiredOption("--key <file>", "the release key's secret key file")
      .option(...PASSPHRASE_FILE)
      .action(async (file: string, options: SignOptions) => (await import("../manifest.js")).sign(file, options));
    group
      .command("check")
      .description("show who signed a manifest, and on which day")
      .argument("<file>", "manifest.json, with manifest.json.asc next to it")
      .requiredOption("--signer <file>", "the release key's certificate")
      .action(async (file: string, options: { signer: string }) =>
        (await import("../manifest.js")).check(file, options.signer),
      );
  },
};
