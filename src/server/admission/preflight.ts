import type { Request } from "express";
import type { Context } from "../context.js";
import type { Refusal } from "../http/index.js";

export type PreflightRefusal = Extract<Refusal, "cannot_store" | "busy" | "too_many_requests" | "no_space">;

/**
 * Why a request that brings something is sure to be refused, known before its body is read; null if nothing is. The
 * body is read all the same where a browser sends it, so that the page can give the letter back.
 * @param room whether there is room for what it brings. A store that does not answer now may do when the body has come
 */
export async function preflight(
  { shutdown, gate }: Pick<Context, "shutdown" | "gate">,
  request: Request,
  room: () => Promise<boolean>,
): Promise<PreflightRefusal | null> {
  if (shutdown.begun) return "cannot_store";
  const refusal = gate.refusal(request);
  if (refusal !== null) return refusal;
  return (await room().catch(() => true)) ? null : "no_space";
}
