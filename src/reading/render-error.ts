import { Fault } from "../core/index.js";
import type { RenderFault } from "./messages.js";

export class RenderError extends Fault<RenderFault> {}
