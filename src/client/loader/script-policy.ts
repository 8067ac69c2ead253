/** A path that the page's Trusted Types policy lets through to where scripts are loaded. */
export type ScriptUrl = (path: string) => string;

interface TrustedTypePolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

/**
 * To be called once: pages allow one policy of this name.
 * @param allowed paths of scripts
 * @returns throws TypeError for any other path
 */
export function scriptPolicy(allowed: readonly string[]): ScriptUrl {
  const check = (path: string) => {
    if (allowed.includes(path)) return path;
    throw new TypeError("this script is not ours");
  };
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactory };
  const policy = trustedTypes?.createPolicy("postern", { createScriptURL: check });
  return (path) => (policy === undefined ? check(path) : (policy.createScriptURL(path) as string));
}
