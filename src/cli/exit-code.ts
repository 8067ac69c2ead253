export const EXIT_CODE = { done: 0, failed: 1, usage: 2 } as const;

/** Makes the process end with `failed` unless `ok`. Output that is still buffered is written first. */
export function failUnless(ok: boolean): void {
  if (!ok) process.exitCode = EXIT_CODE.failed;
}
