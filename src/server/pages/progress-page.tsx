import { Fragment } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Texts } from "../../locales/index.js";
import type { Step } from "../progress.js";
import { Document, render } from "./layout.js";

const CUT = "\u0000";

/** The two ends of the progress page; steps come between them, one after the other, as they happen. */
export function progressPageEnds(texts: Texts): { readonly beginning: string; readonly end: string } {
  const page = render(
    <Document texts={texts} title={texts.say("progress-title")} bodyClass="progress">
      <p>{texts.say("progress-waiting")}</p>
      {CUT}
    </Document>,
  );
  const [beginning = "", end = ""] = page.split(CUT);
  return { beginning, end };
}

/** One step: the stylesheet shows only the last bar and the last line. */
export function renderStep(texts: Texts, step: Step): string {
  if (step.kind === "failed") return renderToString(<p class="fault">{texts.say("progress-failed")}</p>);
  const percent = step.kind === "receiving" ? step.percent : 100;
  return renderToString(
    <Fragment>
      <progress max={100} value={percent} aria-label={texts.say("progress-bar")} />
      <p>
        {step.kind === "receiving" ? texts.say("progress-sending", { percent }) : texts.say(`progress-${step.kind}`)}
      </p>
    </Fragment>,
  );
}
