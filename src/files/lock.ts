/** A lock between processes. */
export interface Lock {
  /** A folder that is there while a process holds the lock. */
  readonly path: string;
  /** A process that was killed leaves its lock, which counts for so long. */
  readonly staleMs: number;
  readonly retries: {
    readonly retries: number;
    readonly minTimeout: number;
    readonly maxTimeout: number;
    readonly factor?: number;
  };
}

/**
 * `held`: another process has held the lock for too long, or its folder cannot be written to. `lost`: this process
 * stood still for so long that another may have taken the lock, so that both may have worked at the same time.
 */
export type LockFault = "held" | "lost";

/** What is to be said of whatever the lock is for. */
export const LOCK_FAULTS: Readonly<Record<LockFault, string>> = {
  held: "is in use by another process",
  lost: "was in use by another process meanwhile",
};

/**
 * Runs `work` while this process holds the lock.
 * @param failed makes the error that is thrown
 */
export async function withLock<Result>(
  { path, staleMs, retries }: Lock,
  work: () => Promise<Result>,
  failed: (fault: LockFault, cause: unknown) => Error,
): Promise<Result> {
  // Bundled, a CommonJS module has no exports by name.
  const { default: lockfile } = await import("proper-lockfile");
  let loss: { readonly cause: unknown } | undefined;
  const release = await lockfile
    .lock(path, {
      lockfilePath: path,
      realpath: false,
      stale: staleMs,
      retries,
      // Unless told otherwise it throws outside of any call, which ends the process: also where it looks for a lock
      // that was given back a moment before.
      onCompromised: (cause) => {
        loss = { cause };
      },
    })
    .catch((cause: unknown) => {
      throw failed("held", cause);
    });
  try {
    const result = await work();
    if (loss !== undefined) throw failed("lost", loss.cause);
    return result;
  } finally {
    // What cannot be removed counts no longer after `staleMs`.
    await release().catch(() => undefined);
  }
}
