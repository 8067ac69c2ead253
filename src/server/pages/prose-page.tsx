import type { ComponentChildren } from "preact";
import { Layout, type LayoutProps } from "./layout.js";

export interface ProsePageProps extends Pick<LayoutProps, "portal" | "texts"> {
  /**
   * Message ids: the title is `<id>-title`, each section's heading and list are `<id>-<section>` and `…-1`, `…-2`, …
   */
  readonly id: string;
  readonly sections: Readonly<Record<string, number>>;
  /** Paragraphs before the sections; null for none. */
  readonly lead?: readonly (string | null)[];
  readonly children?: ComponentChildren;
}

/** A page to be read: short sections of a few sentences each. */
export function ProsePage({ portal, texts, id, sections, lead = [], children }: ProsePageProps) {
  return (
    <Layout portal={portal} texts={texts} title={texts.say(`${id}-title`)}>
      <h1>{texts.say(`${id}-title`)}</h1>
      {lead.map((paragraph) => paragraph !== null && <p>{paragraph}</p>)}
      {Object.entries(sections).map(([section, sentences]) => (
        <>
          <h2>{texts.say(`${id}-${section}`)}</h2>
          <ul>
            {Array.from({ length: sentences }, (_none, index) => (
              <li>{texts.say(`${id}-${section}-${index + 1}`)}</li>
            ))}
          </ul>
        </>
      ))}
      {children}
    </Layout>
  );
}
