import { createHash } from "node:crypto";
import type { Form } from "../../form/index.js";
import { render } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import type { Recipients } from "../recipients.js";
import { ClientSettings } from "./client-settings.js";
import type { Portal } from "./layout.js";
import { SubmissionForm } from "./submission-form.js";

export interface OfflinePageParts {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  readonly recipients: Recipients;
  readonly portalSalt: Uint8Array;
  /** Armored certificates of the recipients. */
  readonly keys: string;
  readonly style: string;
  readonly client: string;
  readonly worker: string;
}

/**
 * The form as one file that works from a disk with no network: its policy, by the digests of what is in it, allows our
 * own script and style, a worker made of the page's own text, and no connection to anything. It names neither us nor a
 * place.
 *
 * @returns HTML
 * @throws Error when a script cannot stand in a page
 */
export function renderOfflinePage(parts: OfflinePageParts): string {
  const { portal, texts, form, recipients, portalSalt, keys, style, client, worker } = parts;
  const policy = [
    "default-src 'none'",
    `script-src '${digest(client)}'`,
    `style-src '${digest(style)}'`,
    "worker-src blob:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types postern",
  ];
  const page = render(
    <html lang={texts.language} dir={texts.direction}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy.join("; ")} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{texts.say("offline-title")}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        {portal.demonstration && <p class="demonstration">{texts.say("demonstration")}</p>}
        <main id="main">
          <h1>{texts.say("offline-title")}</h1>
          <p>{texts.say("offline-lead")}</p>
          <p>{texts.say("truth-device")}</p>
          <p>{texts.say("offline-escape")}</p>
          <noscript>
            <p class="alert">{texts.say("offline-noscript")}</p>
          </noscript>
          <SubmissionForm encryption="offline" portal={portal} texts={texts} form={form} token={null} />
          <details>
            <summary>{texts.say("offline-fingerprints")}</summary>
            <ul>
              {recipients.all.map(({ fingerprint }) => (
                <li>
                  <code>{fingerprint.match(/.{1,4}/g)?.join(" ")}</code>
                </li>
              ))}
            </ul>
          </details>
        </main>
        <ClientSettings
          portal={portal}
          texts={texts}
          form={form}
          fingerprints={recipients.fingerprints}
          portalSalt={portalSalt}
          parts={{ keys }}
        />
        <script type="text/plain" id="worker">
          {WORKER}
        </script>
        <script>{CLIENT}</script>
      </body>
    </html>,
  );
  // A function, since a script may hold what String.replace takes for a pattern.
  return [[STYLE, style] as const, [WORKER, script(worker)] as const, [CLIENT, script(client)] as const].reduce(
    (whole, [place, contents]) => whole.replace(place, () => contents),
    page,
  );
}

const STYLE = "@style@";
const WORKER = "@worker@";
const CLIENT = "@client@";

function digest(contents: string): string {
  return `sha256-${createHash("sha256").update(contents).digest("base64")}`;
}

function script(contents: string): string {
  if (/<\/script|<!--/i.test(contents)) throw new Error("a script of the offline form would end its element");
  return contents;
}
