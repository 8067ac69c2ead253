/** An upload's id, and its size once it is known. */
const NAME = /^([0-9a-f]{32})(?:\.(\d+))?\.part$/;

export interface PartName {
  readonly id: string;
  /** Bytes, or null while the client has not declared them. */
  readonly size: number | null;
}

/** Null if `name` is not that of a part's file. */
export function readPartName(name: string): PartName | null {
  const [, id, size] = NAME.exec(name) ?? [];
  return id === undefined ? null : { id, size: size === undefined ? null : Number(size) };
}

export function partName({ id, size }: PartName): string {
  return `${id}${size === null ? "" : `.${size}`}.part`;
}
