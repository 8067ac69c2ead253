import type { Report } from "./report.js";

const WIDTH = 860;
const LABEL = 330;
const BAR = 16;
const LINE = 34;
const TOP = 56;
/** Ratios are drawn on a logarithmic scale, so that half and twice are equally far from the baseline. */
const LOWEST = 1 / 32;
const HIGHEST = 16;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .paper { fill: #ffffff }
  .bar { fill: #2f6f9f }
  .grid { stroke: #d1d9e0 }
  .one { stroke: #1f2328; stroke-width: 2 }
  .target { stroke: #b35900; stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .paper { fill: #0d1117 }
    .bar { fill: #5aa7dd }
    .grid { stroke: #3d444d }
    .one { stroke: #f0f6fc }
    .target { stroke: #f0a050 }
  }`;

/** Postern's figures as ratios to their baselines, one bar each: a picture for light and dark pages. */
export function plot(report: Report): string {
  const bars = report.tables.flatMap((table) =>
    table.rows
      .filter(({ name }) => name !== table.baseline && name.toLowerCase().startsWith("postern"))
      .slice(0, 1)
      .map((row) => ({
        label: table.title,
        // Where less is better, the bar is turned round: longer is better everywhere.
        ratio: table.less ? 1 / row.ratio : row.ratio,
        baseline: table.baseline,
        target: table.targets.find((target) => target.row === row.name)?.atLeast,
      })),
  );
  const height = TOP + bars.length * LINE + 16;
  const marks = [1 / 16, 1 / 4, 1, 4, 16];
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>Postern's speed as a ratio to the baseline of the same run; longer is better</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    `<text x="12" y="22">Ratio to the baseline of the same run; longer is better, the thick line is the baseline, the short one the target</text>`,
  ];
  for (const mark of marks) {
    const x = place(mark);
    lines.push(
      `<line class="${mark === 1 ? "one" : "grid"}" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height - 12}"/>`,
    );
    lines.push(
      `<text class="small" x="${x}" y="${TOP - 12}" text-anchor="middle">${mark < 1 ? `1/${1 / mark}` : mark}</text>`,
    );
  }
  for (const [index, { label, ratio, baseline, target }] of bars.entries()) {
    const y = TOP + index * LINE;
    const end = place(ratio);
    lines.push(`<text x="12" y="${y + 12}">${escaped(label)}</text>`);
    lines.push(`<text class="small" x="12" y="${y + 26}">to ${escaped(baseline)}</text>`);
    lines.push(`<rect class="bar" x="${LABEL}" y="${y + 2}" width="${(end - LABEL).toFixed(1)}" height="${BAR}"/>`);
    lines.push(`<text class="small" x="${(end + 6).toFixed(1)}" y="${y + 14}">${ratio.toFixed(2)}</text>`);
    if (target === undefined) continue;
    lines.push(`<line class="target" x1="${place(target)}" x2="${place(target)}" y1="${y - 1}" y2="${y + BAR + 5}"/>`);
  }
  return `${lines.join("\n")}\n</svg>\n`;
}

function place(ratio: number): number {
  const bounded = Math.min(HIGHEST, Math.max(LOWEST, ratio));
  const share = Math.log(bounded / LOWEST) / Math.log(HIGHEST / LOWEST);
  return Math.round(LABEL + share * (WIDTH - LABEL - 60));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
