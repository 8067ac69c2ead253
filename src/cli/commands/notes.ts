import type { PosternCommand } from "../command.js";
import { failUnless } from "../exit-code.js";
import type { NotesExportOptions, NotesImportOptions } from "../notes.js";
import { passphraseFiles, secretKeys } from "../options.js";

export const notes: PosternCommand = {
  register(postern) {
    const command = postern.command("notes").description("carry staff's notes from one offline machine to another");
    command
      .command("export")
      .description("encrypt all logs of notes into one file, for the other desk")
      .argument("[cases]", "folder of the cases", "cases")
      .requiredOption("--to <folder>", "folder of the certificates of staff")
      .option("--out <file>", "the new file", "notes.pgp")
      .action(async (cases: string, options: NotesExportOptions) =>
        (await import("../notes.js")).exportNotes(cases, options),
      );
    command
      .command("import")
      .description("decrypt such files, and add what is new in them to the logs of the desks that wrote it")
      .argument("<file...>", "files that notes export has made")
      .addOption(secretKeys("secret key file, armored or binary").makeOptionMandatory())
      .addOption(passphraseFiles())
      .option("--out <folder>", "folder of the cases", "cases")
      .action(async (files: string[], options: NotesImportOptions) =>
        failUnless(await (await import("../notes.js")).importNotes(files, options)),
      );
  },
};
