/** The file of zeros that an archive ends with. */
export const PADDING_NAME = "padding";
/** No archive is smaller than this many bytes, so that a short letter weighs what any letter does. */
export const SMALLEST_ARCHIVE = 64 * 1024;

/**
 * The Padmé size for `length` bytes: the smallest size at or above it whose binary form leaves all but the top
 * log2(log2(length)) + 1 bits zero. An observer learns O(log log) bits of the length.
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

/** The size, in bytes, that an archive of `length` bytes is padded to. */
export function paddedArchiveSize(length: number): number {
  return padme(Math.max(length, SMALLEST_ARCHIVE));
}

function floorLog2(value: number): number {
  if (value < 1) return 0;
  let exponent = Math.floor(Math.log2(value));
  // Math.log2 rounds: correct it at the powers of two.
  if (2 ** exponent > value) exponent -= 1;
  else if (2 ** (exponent + 1) <= value) exponent += 1;
  return exponent;
}
