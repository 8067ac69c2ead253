/** What a check says of a deployment: a fault has to be mended, a warning to be thought about. */
export interface Verdict {
  readonly level: "ok" | "warning" | "fault";
  readonly message: string;
  /** What to do, or null where there is nothing to do. */
  readonly cure: string | null;
}

/** A verdict with the name of what was checked. */
export interface Finding extends Verdict {
  readonly subject: string;
}

export interface Check {
  readonly subject: string;
  readonly run: () => Promise<readonly Verdict[]>;
}

export function ok(message: string): Verdict {
  return { level: "ok", message, cure: null };
}

export function warning(message: string, cure: string): Verdict {
  return { level: "warning", message, cure };
}

export function fault(message: string, cure: string): Verdict {
  return { level: "fault", message, cure };
}

/** `faults` as they are, or that all is well if there are none. */
export function orElse(faults: readonly Verdict[], well: string): readonly Verdict[] {
  return faults.length > 0 ? faults : [ok(well)];
}

/** Runs `check`. What cannot be looked at is never taken for well. */
export async function examine({ subject, run }: Check): Promise<Finding[]> {
  try {
    return (await run()).map((verdict) => ({ subject, ...verdict }));
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    return [{ subject, ...warning(`this could not be checked: ${what}`, "run postern doctor as root") }];
  }
}
