import type { HttpClient, HttpResponse } from "../http-client/index.js";
import { type CheckResult, fault, orOk, warning } from "./check.js";
import { cureOf } from "./connection-faults.js";

/** Reports what the portal says about itself at `/healthz`. */
export async function checkHealth(client: HttpClient): Promise<readonly CheckResult[]> {
  const response = await client.get("/healthz").catch((cause: unknown) => {
    return cause instanceof Error ? cause : new Error(String(cause));
  });
  if (response instanceof Error) {
    const why = "code" in response ? String(response.code) : response.message;
    const fix = cureOf(why) ?? "start the portal and its proxy, and read their logs";
    return [fault(`${client.name} does not answer (${why})`, fix)];
  }
  const { reasons, warnings } = readHealth(response);
  if (response.status === 200) {
    return orOk(
      warnings.map((each) => warning(`${client.name}: ${each}`, "see the results of the other checks")),
      `${client.name} accepts submissions`,
    );
  }
  const why = reasons.length > 0 ? reasons.join(", ") : `status ${response.status}, not from a portal`;
  return [fault(`${client.name} refuses submissions: ${why}`, "fix these reasons until /healthz answers 200")];
}

interface Health {
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

function readHealth({ body }: HttpResponse): Health {
  try {
    const { reasons, warnings } = JSON.parse(body) as Record<string, unknown>;
    return { reasons: strings(reasons), warnings: strings(warnings) };
  } catch {
    return { reasons: [], warnings: [] };
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
