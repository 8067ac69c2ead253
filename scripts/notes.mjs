// What a release says of itself: what is new, and the digests of what is handed out.

/**
 * The notes, in Markdown.
 * @param changelog with headings such as `## [1.2.3] - 2026-11-24`; the brackets may be missing
 * @param sums lines of SHA256SUMS
 */
export function releaseNotes(version, changelog, sums) {
  const sections = changelog.split(/^(?=## )/m);
  const named = (name) => sections.find((each) => /^## \[?([^\]\s]+)/.exec(each)?.[1] === name);
  const section = named(version) ?? named("Unreleased");
  if (section === undefined) throw new Error(`CHANGELOG.md says nothing of ${version}`);
  const news = section.slice(section.indexOf("\n") + 1).trim();
  return `# Postern ${version}\n\n## SHA-256\n\n\`\`\`\n${sums}\`\`\`\n\n${news}\n`;
}
