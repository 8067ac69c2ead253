import { Option } from "commander";
import type { CaseStatus } from "../../desk/index.js";
import type { CaseSetOptions } from "../case.js";
import type { CaseCountsOptions } from "../case-counts.js";
import type { CaseDeleteOptions } from "../case-delete.js";
import type { CaseListOptions } from "../case-list.js";
import type { CasePeopleOptions } from "../case-people.js";
import type { PosternCommand } from "../command.js";
import type { HandOverOptions } from "../hand-over.js";

/** Every status once: the type checker refuses a list that lacks one. */
const STATUSES: Readonly<Record<CaseStatus, true>> = {
  new: true,
  reading: true,
  waiting: true,
  answered: true,
  closed: true,
};

export const caseNotes: PosternCommand = {
  register(postern) {
    const command = postern.command("case").description("list cases and edit staff's notes, on the offline machine");
    command
      .command("list")
      .description("list the cases: day, age, folder, status, who, where, article, request, writer")
      .option("--out <folder>", "folder of the cases", "cases")
      .addOption(new Option("--status <status>", "only cases with this status").choices(Object.keys(STATUSES)))
      .option(
        "--search",
        "only cases with all words of a line of standard input, so that no history of commands keeps it",
      )
      .addOption(
        new Option("--csv", "print a table for spreadsheets, with a column for each question").conflicts("json"),
      )
      .option("--json", "print JSON, with all letters and answers")
      .action(async (options: CaseListOptions) => (await import("../case-list.js")).listCases(options));
    command
      .command("people")
      .description("propose which cases are about one person, by names, places, years, documents and texts")
      .option("--out <folder>", "folder of the cases", "cases")
      .option("--csv", "print a table for spreadsheets, with a row for each person")
      .action(async (options: CasePeopleOptions) => (await import("../case-people.js")).listPeople(options));
    command
      .command("counts")
      .description("count the cases by month, article, place, status, request and language, as a table")
      .option("--out <folder>", "folder of the cases", "cases")
      .option("--for-funders", "leave out and round what might identify people")
      .option("--page <file>", "write a page with charts to print as well")
      .addOption(new Option("--language <language>", "of the page").choices(["uk", "en"]).default("en"))
      .action(async (options: CaseCountsOptions) => (await import("../case-counts.js")).printCounts(options));
    command
      .command("set")
      .description("set a case's status or note, which the index shows")
      .argument("<case>", "folder or id of the case")
      .addOption(new Option("--status <status>", "status of the case").choices(Object.keys(STATUSES)))
      .option("--note", "add a note from standard input, so that no history of commands keeps it")
      .option("--by <name>", "who writes it")
      .option("--out <folder>", "folder of the cases", "cases")
      .action(async (given: string, options: CaseSetOptions) => (await import("../case.js")).setCase(given, options));
    command
      .command("hand-over")
      .description("encrypt chosen parts of a case to somebody else's certificate, such as a lawyer's")
      .argument("<case>", "folder of the case")
      .option("--to <file>", "the receiver's certificate")
      .option("--parts <part...>", "what to hand over; without it, the parts are listed")
      .option("--by <name>", "who hands it over, for the case's log")
      .option("--into <folder>", "folder for the encrypted file", ".")
      .option("--out <folder>", "folder of the cases", "cases")
      .action(async (given: string, options: HandOverOptions) =>
        (await import("../hand-over.js")).handOver(given, options),
      );
    command
      .command("delete")
      .description("remove a case here for ever, and ask the server to delete its copies")
      .argument("<case>", "folder or id of the case")
      .option("--yes", "do not ask")
      .option("--out <folder>", "folder of the cases", "cases")
      .option("--outbox <folder>", "folder that is carried to the server (default: outbox beside the cases)")
      .action(async (given: string, options: CaseDeleteOptions) =>
        (await import("../case-delete.js")).removeCase(given, options),
      );
  },
};
