let policy: TrustedTypePolicy | undefined;
let ours: string | undefined;

/**
 * Starts a worker. Under Trusted Types the page can start only the first script it asked for.
 * @throws TypeError for any other script
 */
export function startWorker(script: string): Worker {
  ours ??= script;
  policy ??= (globalThis as { trustedTypes?: TrustedTypePolicyFactory }).trustedTypes?.createPolicy("postern", {
    createScriptURL: (wanted: string) => {
      if (wanted === ours) return wanted;
      throw new TypeError("this script is not ours");
    },
  });
  const trusted = policy === undefined ? script : policy.createScriptURL(script);
  return new Worker(trusted as string, { name: "postern" });
}

interface TrustedTypePolicy {
  createScriptURL(url: string): unknown;
}

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy;
}
