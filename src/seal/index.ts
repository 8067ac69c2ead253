export { ANSWER_BYTES, type ListedReply, type MailboxAnswer, repliesIn, roomIn } from "./answer.js";
export type { AnswerSize, Question } from "./question.js";
export { SealError, type SealFault } from "./seal-error.js";
export {
  importMailboxKey,
  importMailboxKeyPair,
  type OpenedQuestion,
  openQuestion,
  SEALED_QUESTION_BYTES,
  type SealedQuestion,
  sealQuestion,
} from "./sealed-question.js";
