import type { Form } from "../../form/index.js";
import { hashSource, render } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import type { Ways } from "../config.js";
import { ClientSettings } from "./client-settings.js";
import { SaferWays } from "./copy-front-page.js";
import { filled } from "./filled.js";
import type { Portal } from "./layout.js";
import { MailboxForm } from "./mailbox-form.js";
import { UNTRANSLATED } from "./private-text.js";
import { SubmissionForm } from "./submission-form.js";

export interface OfflinePageParts {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  /** Fingerprints of the recipients' certificates, for people. */
  readonly certificates: readonly string[];
  /** Fingerprints of these and of their keys. */
  readonly fingerprints: readonly string[];
  readonly portalSalt: Uint8Array;
  /** Armored certificates of the recipients. */
  readonly keys: string;
  readonly style: string;
  readonly scripts: OfflineScripts;
}

/** The scripts of the offline form, in the parts that the client's pages load too. */
export interface OfflineScripts {
  /** The parts of the page's client, joined; they run in a scope of their own. */
  readonly client: string;
  /** The worker's parts, joined, and the worker in one, which begins with the licences of what is in both. */
  readonly parts: string;
  readonly worker: string;
  /** What older browsers need before the worker: whatever opens the form has to find all in it. */
  readonly older: string;
  /** What the worker runs first where the form sends. */
  readonly ways: string;
}

export interface OfflinePage {
  /** HTML. */
  readonly page: string;
  /** The same with a mark in place of each of the scripts that a browser may have already. */
  readonly frame: string;
}

/**
 * The form as one file that works from a disk with no network: its policy, by the digests of what is in it, allows our
 * own script and style, a worker made of the page's own text, and no connection but to the portal's ways, if it has
 * any. It names neither us nor another place.
 *
 * @throws Error when a script cannot stand in a page
 */
export function renderOfflinePage(parts: OfflinePageParts): OfflinePage {
  const { portal, texts, form, certificates, fingerprints, portalSalt, keys, style, scripts } = parts;
  const { ways } = portal;
  const client = inOneScope(scripts.client);
  const policy = [
    "default-src 'none'",
    `script-src ${hashSource(client)}`,
    `style-src ${hashSource(style)}`,
    "worker-src blob:",
    `connect-src ${ways === null ? "'none'" : ways.addresses.join(" ")}`,
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types postern",
  ];
  const empty = render(
    <html lang={texts.language} dir={texts.direction} {...UNTRANSLATED}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy.join("; ")} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="google" content="notranslate" />
        <title>{texts.say(ways === null ? "offline-title" : "relay-title")}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        {portal.demonstration && <p class="demonstration">{texts.say("demonstration")}</p>}
        <main id="main">
          <h1>{texts.say(ways === null ? "offline-title" : "relay-title")}</h1>
          <p>{texts.say(ways === null ? "offline-lead" : "relay-lead")}</p>
          <details class="before">
            <summary>{texts.say("truth-title")}</summary>
            <ul>
              <li>{texts.say("truth-device")}</li>
              <li>{texts.say("offline-escape")}</li>
            </ul>
          </details>
          {ways !== null && <ServedNote portal={portal} texts={texts} />}
          <noscript>
            <p class="alert">{texts.say(ways === null ? "offline-noscript" : "copy-sends-noscript")}</p>
          </noscript>
          <SubmissionForm encryption="offline" portal={portal} texts={texts} form={form} token={null} />
          {ways !== null && ways.mailboxKey !== null && <Replies texts={texts} />}
          {ways !== null && <WaysNote texts={texts} ways={ways} />}
          <details>
            <summary>{texts.say("offline-fingerprints")}</summary>
            <ul>
              {certificates.map((fingerprint) => (
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
          fingerprints={fingerprints}
          portalSalt={portalSalt}
          parts={{ keys }}
        />
        {ways !== null && (
          <script type="text/plain" id="ways">
            {WAYS}
          </script>
        )}
        <script type="text/plain" id="worker">
          {WORKER}
        </script>
        <script>{CLIENT}</script>
      </body>
    </html>,
  );
  const waysScript = ways === null ? {} : { [WAYS]: script(scripts.ways) };
  const licences = /^\/\*.*\*\/\n/.exec(scripts.worker)?.[0] ?? "";
  const frame = filled(empty, {
    [STYLE]: style,
    ...waysScript,
    [WORKER]: `${licences}${OLDER}${inOneScope(PARTS)}`,
    [CLIENT]: inOneScope(CLIENT_PARTS),
  });
  const contents = {
    [OLDER]: script(scripts.older),
    [PARTS]: script(scripts.parts),
    [CLIENT_PARTS]: script(scripts.client),
  };
  return { frame, page: filled(frame, contents) };
}

/** Shown by the client where a site has served the form: a file that somebody keeps is as they got it. */
function ServedNote({ portal, texts }: Pick<OfflinePageParts, "portal" | "texts">) {
  return (
    <details id="served" class="before" hidden>
      <summary>{texts.say("copy-sends-served")}</summary>
      <SaferWays portal={{ ...portal, onion: null, addresses: null }} texts={texts} />
    </details>
  );
}

/** Where the form sends to, and what is seen there. */
function WaysNote({ texts, ways }: { readonly texts: Texts; readonly ways: Ways }) {
  return (
    <details>
      <summary>{texts.say("relay-addresses")}</summary>
      <p>{texts.say("relay-means")}</p>
      <ul {...UNTRANSLATED}>
        {ways.addresses.map((address) => (
          <li>
            <code>{address}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Where replies are read. Nothing is asked before somebody presses the button. */
function Replies({ texts }: { readonly texts: Texts }) {
  return (
    <details class="part">
      <summary>{texts.say("footer-replies")}</summary>
      <p>{texts.say("replies-lead")}</p>
      <p>{texts.say("relay-replies-means")}</p>
      <MailboxForm texts={texts} />
    </details>
  );
}

const STYLE = "@style@";
const WAYS = "@ways@";
const WORKER = "@worker@";
const CLIENT = "@client@";
/** Marks in the frame, which no page can hold otherwise. Read by `src/client/offline-form-builder.ts`. */
const OLDER = "\u0000older\u0000";
const PARTS = "\u0000parts\u0000";
const CLIENT_PARTS = "\u0000client\u0000";

function inOneScope(parts: string): string {
  return `(()=>{${parts}})();\n`;
}

function script(contents: string): string {
  if (/<\/script|<!--/i.test(contents)) throw new Error("a script of the offline form would end its element");
  return contents;
}
