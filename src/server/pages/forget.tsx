/** Where `site/forget.ts` answers. */
export const FORGET_PATH = "/forget.css";

/** Has the browser drop the page before this one, which held a letter or a receipt code. */
export function Forget() {
  return <link rel="stylesheet" href={FORGET_PATH} />;
}
