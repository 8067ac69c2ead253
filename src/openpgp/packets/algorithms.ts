/** AES with 128, 192 and 256 bits (RFC 9580 section 9.3). */
export const AES = new Set([7, 8, 9]);
/** EAX, OCB and GCM (RFC 9580 section 9.6). */
export const AEAD = new Set([1, 2, 3]);
