/** The file of zeros at the end of an archive. */
export const PADDING_NAME = "padding";
/** Smallest archive, so that a short letter has the same size as a long one. */
export const MIN_ARCHIVE_BYTES = 64 * 1024;

/**
 * The Padmé size for `length` bytes: the smallest size at or above it with all bits zero but the top
 * log2(log2(length)) + 1. An observer learns O(log log length) bits.
 *
 * Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", section 4.
 * @throws RangeError unless `length` is a non-negative safe integer
 */
export function padme(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`expected a length in bytes, got ${length}`);
  if (length < 2) return length;
  const exponent = floorLog2(length);
  const step = 2 ** (exponent - floorLog2(exponent) - 1);
  return Math.ceil(length / step) * step;
}

/** Bytes of an archive of `length` bytes once padded. */
export function paddedArchiveSize(length: number): number {
  return padme(Math.max(length, MIN_ARCHIVE_BYTES));
}

function floorLog2(value: number): number {
  if (value < 1) return 0;
  let exponent = Math.floor(Math.log2(value));
  // Math.log2 rounds, which can be off by one near powers of two.
  if (2 ** exponent > value) exponent -= 1;
  else if (2 ** (exponent + 1) <= value) exponent += 1;
  return exponent;
}
