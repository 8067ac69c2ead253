import { dayOf } from "../../core/index.js";
import { saySize, type Texts } from "../../locales/index.js";

export interface ServerStateProps {
  readonly texts: Texts;
  readonly state: {
    /** Free bytes, or null if the storage does not report them. */
    readonly free: number | null;
    readonly keys: readonly {
      readonly fingerprint: string;
      readonly expires: Date | null;
      /** How many months' keys are left; null if it has none for each month. */
      readonly left: number | null;
      readonly soon: boolean;
    }[];
  };
}

/** Free space, and when each recipient's certificate expires. */
export function ServerState({ texts, state: { free, keys } }: ServerStateProps) {
  return (
    <section aria-labelledby="state">
      <h2 id="state">{texts.say("state-title")}</h2>
      <ul>
        {free !== null && <li>{texts.say("state-free", { size: saySize(texts, free) })}</li>}
        {keys.map(({ fingerprint, expires, left, soon }) => (
          <li>
            {expires === null
              ? texts.say("state-forever", { fingerprint: fingerprint.slice(-16) })
              : texts.say("state-expires", {
                  fingerprint: fingerprint.slice(-16),
                  day: dayOf(expires),
                })}
            {left !== null && ` ${texts.say("state-months-left", { count: left })}`}
            {soon && <strong class="fault"> {texts.say("state-expiring")}</strong>}
          </li>
        ))}
      </ul>
    </section>
  );
}
