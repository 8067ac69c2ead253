import { Option } from "commander";
import type { PosternCommand } from "../command.js";
import type { DossierOptions } from "../dossier.js";
import { failUnless } from "../exit-code.js";
import { PASSPHRASE_FILE } from "../options.js";

export const dossier: PosternCommand = {
  register(postern) {
    postern
      .command("dossier")
      .description("sign a list of a case's digests and of what was recorded of it, or check one")
      .argument("<case-folder>", "folder of an opened submission")
      .option("--key <file>", "secret key of staff, which signs and opens the ciphertext again")
      .option(...PASSPHRASE_FILE)
      .option("--inbox <folder>", "folder of the ciphertexts, to list the digest of each archive as well")
      .option("--ledger <file>", "a copy of the server's ledger.jsonl")
      .option("--audit <file>", "a copy of the server's audit.jsonl, to list its digest")
      .option("--out <folder>", "folder for the dossier and its signature", ".")
      .addOption(new Option("--check <file>", "compare the case with this dossier").conflicts("key"))
      .option("--certificate <file>", "of whoever signed it, for --check")
      .action(async (caseFolder: string, options: DossierOptions) =>
        failUnless(await (await import("../dossier.js")).dossier(caseFolder, options)),
      );
  },
};
