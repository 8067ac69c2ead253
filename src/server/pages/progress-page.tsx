import { renderToString } from "preact-render-to-string";
import { render } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import type { Step } from "../intake/index.js";
import { Document, type DocumentProps } from "./layout.js";

type PageProps = Pick<DocumentProps, "portal" | "texts">;

const CUT = "\u0000";

/** Leads on to the endless page a second later, so that the pages around it count as loaded before. */
export function ProgressSoonPage({ portal, texts, token }: PageProps & { readonly token: string }) {
  return (
    <Document
      portal={portal}
      texts={texts}
      title={texts.say("progress-title")}
      head={<meta http-equiv="refresh" content={`1;url=/progress/${token}`} />}
    >
      <Waiting texts={texts} />
    </Document>
  );
}

function Waiting({ texts }: { readonly texts: Texts }) {
  return (
    <div class="step">
      <p>{texts.say("progress-waiting")}</p>
    </div>
  );
}

/** The two ends of the progress page; steps come between them, one after the other, as they happen. */
export function progressPageEnds({ portal, texts }: PageProps): { readonly beginning: string; readonly end: string } {
  const page = render(
    <Document portal={portal} texts={texts} title={texts.say("progress-title")}>
      <Waiting texts={texts} />
      {CUT}
    </Document>,
  );
  const [beginning = "", end = ""] = page.split(CUT);
  return { beginning, end };
}

/** One step, which covers those before it. */
export function renderStep(texts: Texts, step: Step): string {
  const percent = step.kind === "receiving" ? step.percent : 100;
  return renderToString(
    <div class="step">
      {step.kind !== "failed" && <progress max={100} value={percent} aria-label={texts.say("progress-bar")} />}
      <p class={step.kind === "failed" ? "fault" : undefined}>
        {step.kind === "receiving" ? texts.say("progress-sending", { percent }) : texts.say(`progress-${step.kind}`)}
      </p>
    </div>,
  );
}
