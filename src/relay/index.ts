export {
  type AnswerHead,
  MAX_ANSWER_BYTES,
  MAX_PIECE_BYTES,
  ownAnswer,
  passedAnswer,
  passedRequest,
  type RequestHead,
  UNREACHABLE,
} from "./exchange.js";
export { type RelayParts, relayTo } from "./relay.js";
