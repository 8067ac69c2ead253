/** Whether a URL's host name is an address of this machine only. */
export function isLoopback(hostname: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/i.test(hostname);
}
