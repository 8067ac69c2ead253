import type { Texts } from "../../locales/index.js";
import type { Listing } from "../listing.js";

const WIDTH = 600;
const HEIGHT = 90;

/** A bar per day, with the same in words for screen readers. */
export function ArrivalsChart({ texts, days }: { readonly texts: Texts; readonly days: Listing["days"] }) {
  const most = Math.max(1, ...days.map(({ count }) => count));
  const step = WIDTH / days.length;
  const words = days.filter(({ count }) => count > 0).map(({ day, count }) => texts.say("chart-bar", { day, count }));
  return (
    <section aria-labelledby="chart">
      <h2 id="chart">{texts.say("chart-title")}</h2>
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.join(", ") || "0"}>
        {days.map(({ day, count }, index) => {
          const height = (count / most) * (HEIGHT - 10);
          return (
            <rect x={index * step + 1} y={HEIGHT - height - 1} width={step - 2} height={height + 1}>
              <title>{texts.say("chart-bar", { day, count })}</title>
            </rect>
          );
        })}
      </svg>
    </section>
  );
}
