export { type AnswerFault, type AnswerFaultCode, type CheckedAnswers, checkAnswers } from "./answers.js";
export { type Arrangement, arrange, followUpForm, withoutRequired } from "./arrangement.js";
export { type Answer, type Answers, isShown } from "./condition.js";
export { sayDay } from "./date.js";
export { defaultForm } from "./default-form.js";
export {
  type Choice,
  type Condition,
  type Form,
  filesQuestion,
  type Question,
  type QuestionKind,
  type Say,
} from "./form.js";
export { describeChoices, type LetterWords, writeLetter } from "./letter.js";
export { FormError, ownForm, readOwnForm } from "./own-form.js";
export type { OwnForm } from "./own-form-schema.js";
