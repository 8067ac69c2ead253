import type { Account } from "../account.js";
import { BackLink } from "./answer-pages.js";
import { ConfirmFields, Csrf, Field, Layout, type SignedInProps } from "./layout.js";

export interface StaffPageProps extends SignedInProps {
  readonly accounts: readonly Pick<Account, "name" | "role">[];
  readonly fault: string | null;
}

/** Lists the accounts, for managers to add and remove. */
export function StaffPage({ accounts, fault, ...page }: StaffPageProps) {
  const { texts, session } = page;
  const action = (what: string) => `/${texts.language}/staff/${what}`;
  return (
    <Layout {...page} title={texts.say("staff-title")}>
      {fault !== null && (
        <p class="alert" role="alert">
          {fault}
        </p>
      )}
      <form method="post" action={action("remove")}>
        <Csrf session={session} />
        <ul>
          {accounts.map(({ name, role }) => (
            <li>
              {texts.say("signed-in", { name, role: texts.say(`role-${role}`) })}{" "}
              {name !== session.name && (
                <button type="submit" class="quiet" name="remove" value={name}>
                  {texts.say("staff-remove-do", { name })}
                </button>
              )}
            </li>
          ))}
        </ul>
        <p>{texts.say("staff-confirm")}</p>
        <Confirm {...page} id="remove" />
      </form>
      <h2>{texts.say("staff-add")}</h2>
      <form method="post" action={action("add")}>
        <Csrf session={session} />
        <Field id="new-name" label={texts.say("staff-new-name")} help={texts.say("staff-new-name-help")} />
        <div class="field">
          <label for="role">{texts.say("staff-new-role")}</label>
          <select id="role" name="role">
            {["courier", "manager"].map((role) => (
              <option value={role}>{texts.say(`role-${role}`)}</option>
            ))}
          </select>
        </div>
        <Field
          id="new-passphrase"
          type="password"
          label={texts.say("staff-new-passphrase")}
          autocomplete="new-password"
        />
        <p>{texts.say("staff-confirm")}</p>
        <ConfirmFields texts={texts} />
        <button type="submit">{texts.say("staff-add-do")}</button>
      </form>
    </Layout>
  );
}

/** {@link ConfirmFields} a second time on the page, with other ids. */
function Confirm({ texts, id }: Pick<SignedInProps, "texts"> & { readonly id: string }) {
  return (
    <>
      <div class="field">
        <label for={`${id}-passphrase`}>{texts.say("sign-in-passphrase")}</label>
        <input id={`${id}-passphrase`} name="passphrase" type="password" autocomplete="current-password" />
      </div>
      <div class="field">
        <label for={`${id}-code`}>{texts.say("sign-in-code")}</label>
        <input id={`${id}-code`} name="code" type="text" inputmode="numeric" autocomplete="one-time-code" />
      </div>
    </>
  );
}

export interface StaffAddedPageProps extends SignedInProps {
  readonly account: Account;
  /** Rows of a QR code: true is dark. */
  readonly code: readonly (readonly boolean[])[];
}

/** The only page that ever shows the TOTP secret. */
export function StaffAddedPage({ account, code, ...page }: StaffAddedPageProps) {
  const { texts } = page;
  const { name, totp } = account;
  const quiet = 4;
  const size = code.length + 2 * quiet;
  const dark = code.flatMap((row, y) => row.flatMap((set, x) => (set ? [`M${x + quiet} ${y + quiet}h1v1h-1z`] : [])));
  return (
    <Layout {...page} title={texts.say("staff-added-title", { name })}>
      <p>{texts.say("staff-added-scan", { name })}</p>
      <svg class="code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR">
        <rect width={size} height={size} fill="#ffffff" />
        <path d={dark.join("")} fill="#000000" />
      </svg>
      <p>
        {texts.say("staff-added-secret")} <code>{totp.replace(/(.{4})(?=.)/g, "$1 ")}</code>
      </p>
      <BackLink {...page} />
    </Layout>
  );
}
