/** Names under which translators and gateways show other people's pages, reading along. */
const GO_BETWEENS = /\.(?:translate\.goog|onion)\./;

/** Whether the page is shown by somebody between us and the reader, which the server cannot always tell. */
export function isBetween({ hostname }: Location): boolean {
  return GO_BETWEENS.test(`${hostname}.`) && !hostname.endsWith(".onion");
}
