import type { Request } from "express";
import type { Context } from "../context.js";
import type { Refusal } from "../http/index.js";

export type PreflightRefusal = Extract<Refusal, "cannot_store" | "busy" | "too_many_requests" | "no_space">;

/**
 * Why a request that brings something is sure to be refused, known before its body is read; null if nothing is. The
 * body is read all the same where a browser sends it, so that the page can give the letter back.
 * @param bytes what it needs room for
 * @param goesOn whether it goes on with what was begun, which may use a part of what must stay free
 */
export async function preflight(
  { shutdown, gate, capacity }: Pick<Context, "shutdown" | "gate" | "capacity">,
  request: Request,
  bytes: number,
  goesOn = false,
): Promise<PreflightRefusal | null> {
  if (shutdown.begun) return "cannot_store";
  const refusal = gate.refusal(request);
  if (refusal !== null) return refusal;
  const room = goesOn
    ? capacity.mayGoOn(bytes)
    : capacity.shortageFor(gate.visitor(request), bytes).then((shortage) => shortage === null);
  // A store that does not answer now may do when the body has come.
  return (await room.catch(() => true)) ? null : "no_space";
}
