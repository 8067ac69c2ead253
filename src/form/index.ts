export { type AnswerFault, type Answers, type CheckedAnswers, checkAnswers } from "./answers.js";
export { defaultForm, type Form, type Question, type QuestionKind } from "./form.js";
export { type LetterWords, writeLetter } from "./letter.js";
