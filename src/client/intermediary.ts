/** Hosts of translators and onion gateways, which show other sites' pages and can read along. */
const INTERMEDIARIES = /\.(?:translate\.goog|onion)\./;

/** Whether an intermediary shows the page. The server cannot always tell. */
export function isThroughIntermediary({ hostname }: Location): boolean {
  return INTERMEDIARIES.test(`${hostname}.`) && !hostname.endsWith(".onion");
}
