import { cureOf } from "./connection-faults.js";

/** The operator must fix a fault and should consider a warning. */
export interface CheckResult {
  readonly level: "ok" | "warning" | "fault";
  readonly message: string;
  /** What the operator can do, or null if nothing is needed. */
  readonly fix: string | null;
}

/** A result with the subject of the check that found it. */
export interface Finding extends CheckResult {
  readonly subject: string;
}

export interface Check {
  readonly subject: string;
  readonly run: () => Promise<readonly CheckResult[]>;
}

export function ok(message: string): CheckResult {
  return { level: "ok", message, fix: null };
}

export function warning(message: string, fix: string): CheckResult {
  return { level: "warning", message, fix };
}

export function fault(message: string, fix: string): CheckResult {
  return { level: "fault", message, fix };
}

/** The `problems`, or ok with `message` if there are none. */
export function orOk(problems: readonly CheckResult[], message: string): readonly CheckResult[] {
  return problems.length > 0 ? problems : [ok(message)];
}

/** Runs `check`. A check that fails to run is a warning, never ok. */
export async function runCheck({ subject, run }: Check): Promise<Finding[]> {
  try {
    return (await run()).map((result) => ({ subject, ...result }));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return [{ subject, ...warning(`this check could not run: ${message}`, remedyFor(cause)) }];
  }
}

function remedyFor(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if ((code === "EACCES" || code === "EPERM") && process.geteuid?.() !== 0) return "run postern doctor as root";
  return cureOf(code) ?? "mend what it names, and run postern doctor again";
}
