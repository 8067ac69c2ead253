import { Field, Layout, type PageProps } from "./layout.js";

export interface SignInPageProps extends PageProps {
  readonly name: string;
  /** The message of a refused attempt. */
  readonly fault: string | null;
}

export function SignInPage({ name, fault, ...page }: SignInPageProps) {
  const { texts } = page;
  return (
    <Layout {...page} title={texts.say("sign-in")}>
      {fault !== null && (
        <p class="alert" role="alert">
          {fault}
        </p>
      )}
      <form method="post" action={`/${texts.language}/sign-in`}>
        <Field id="name" label={texts.say("sign-in-name")} autocomplete="username" value={name} />
        <Field
          id="passphrase"
          type="password"
          label={texts.say("sign-in-passphrase")}
          autocomplete="current-password"
        />
        <Field
          id="code"
          label={texts.say("sign-in-code")}
          help={texts.say("sign-in-code-help")}
          inputmode="numeric"
          autocomplete="one-time-code"
        />
        <button type="submit">{texts.say("sign-in")}</button>
      </form>
    </Layout>
  );
}
