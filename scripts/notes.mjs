// What a release says of itself: what is new, and the digests of what is handed out.

/**
 * The notes, in Markdown.
 * @param sums lines of SHA256SUMS
 */
export function releaseNotes(version, changelog, sums) {
  const sections = changelog.split(/^(?=## )/m);
  const section =
    sections.find((each) => each.startsWith(`## ${version} `)) ??
    sections.find((each) => each.startsWith("## Unreleased"));
  if (section === undefined) throw new Error(`CHANGELOG.md says nothing of ${version}`);
  const news = section.slice(section.indexOf("\n") + 1).trim();
  return `# Postern ${version}\n\n## SHA-256\n\n\`\`\`\n${sums}\`\`\`\n\n${news}\n`;
}
