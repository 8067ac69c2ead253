export interface MadeFile {
  readonly name: string;
  readonly contents: Blob;
}

/** What became of keys. */
export interface KeyWork {
  readonly files: readonly MadeFile[];
  /** The key-file, which belongs on another medium than the files; null if it stays as it is. */
  readonly keyFile: MadeFile | null;
  /** Names of files to be destroyed, with all their copies, once everything is saved. */
  readonly destroy: readonly string[];
  /** The words of each share. */
  readonly shares: readonly (readonly string[])[];
  /** How many of the shares are needed. */
  readonly need: number;
}

export const NO_WORK: KeyWork = { files: [], keyFile: null, destroy: [], shares: [], need: 0 };

export function madeFile(name: string, contents: string | Uint8Array): MadeFile {
  return { name, contents: new Blob([typeof contents === "string" ? contents : Uint8Array.from(contents)]) };
}
