export { saySize } from "./size.js";
export { loadTexts, type Texts } from "./texts.js";
