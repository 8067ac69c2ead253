import { rm } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { randomHex } from "../core/index.js";
import { type Account, Staff, StaffFolder, totpCode } from "../pickup/index.js";
import { openBrowser } from "./open-browser.js";

const NAME = "demo";

/** Somebody who may sign in to the pickup pages of a demonstration. */
export interface DemoStaff {
  readonly account: Account;
  readonly passphrase: string;
}

export async function addDemoStaff(folder: string): Promise<DemoStaff> {
  const passphrase = randomHex(8);
  const account = await new Staff(await StaffFolder.open(folder)).add(NAME, "manager", passphrase);
  return { account, passphrase };
}

export interface DemoRoles {
  /** Addresses: of the form, of the pickup pages, of the list of cases, and of the workbench, which works once. */
  readonly form: string;
  readonly pickup: string;
  readonly cases: string;
  readonly workbench: string;
  readonly letters: number;
  readonly staff: DemoStaff;
  readonly hasDisplay: boolean;
}

/** Says who does what where, and opens the form in a browser where somebody sits before one. */
export function showRoles({ form, pickup, cases, workbench, letters, staff, hasDisplay }: DemoRoles): void {
  const code = () => totpCode(staff.account, new Date());
  process.stdout.write(`
Who works where, on this machine:
  a mother writes     ${form}
  staff collect       ${pickup}
                      name ${NAME}, passphrase ${staff.passphrase}, code ${code()}
  staff read offline  ${cases}
                      ${letters} letters, all made up
  and answer them     ${workbench}
                      the workbench of postern desk; the address works once, in one browser

The code changes every 30 seconds and works once: press Enter for the next. Ctrl-C ends the demonstration.
`);
  if (process.stdin.isTTY !== true) return;
  process.stdin.on("data", () => process.stdout.write(`code ${code()}\n`));
  openBrowser(form, hasDisplay);
}

/** Offers to delete what the demonstration made, where there is a terminal. Otherwise it all stays. */
export async function endDemonstration(folder: string): Promise<void> {
  process.stdin.removeAllListeners("data");
  if (process.stdin.isTTY === true && (await agrees(`\ndelete everything that it made, in ${folder}? [Y/n] `))) {
    await rm(folder, { recursive: true, force: true });
    process.stdout.write("deleted\n");
    return;
  }
  process.stdout.write(`\nthe demonstration's files are still in ${folder}\n`);
}

/** Ctrl-C or the end of input is no. */
async function agrees(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const left = new Promise<string>((resolve) => {
    terminal.once("SIGINT", () => resolve("n")).once("close", () => resolve("n"));
  });
  try {
    return /^(?:y|yes|)$/i.test((await Promise.race([terminal.question(question), left])).trim());
  } finally {
    terminal.close();
  }
}
