// Plain objects: the types of preact know `translate` as a boolean, and it renders false as nothing.

/** For an element with words that no page translator may get. */
export const UNTRANSLATED: object = { translate: "no" };

/**
 * For every field that a submitter types into: browsers may send what is typed to spell checkers, translators and
 * writing assistants.
 */
export const PRIVATE_FIELD: object = {
  ...UNTRANSLATED,
  spellcheck: false,
  autocorrect: "off",
  writingsuggestions: "false",
};
