import { stylesheetOf } from "../../http/index.js";
import { StyleLink } from "./layout.js";

/** What `site/forget.ts` answers with. */
export const FORGET = stylesheetOf("forget", "");

/** Has the browser drop the page before this one, which held a letter or a receipt code. */
export function Forget() {
  return <StyleLink sheet={FORGET} />;
}
