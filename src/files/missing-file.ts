/** Whether a file system call failed because the file or folder does not exist (ENOENT). */
export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

/** For `catch`: null for a file that does not exist. @throws whatever else went wrong */
export function nullIfMissing(cause: unknown): null {
  if (isMissing(cause)) return null;
  throw cause;
}
