// For Stryker: an error's code is a promise and is mutated; its message is for people, and no test compares it.

/** `new XError(code, message)`, and the armor's `malformed(message)`. */
const isMessage = ({ parent, parentPath, key }) =>
  (parentPath?.isNewExpression() && key === 1 && /Error$/.test(parent.callee.name)) ||
  (parentPath?.isCallExpression() && key === 0 && parent.callee.name === "malformed");

const messages = {
  shouldIgnore: (path) =>
    (path.isStringLiteral() || path.isTemplateLiteral()) && isMessage(path)
      ? "the wording of an error is no promise"
      : undefined,
};

export const strykerPlugins = [{ kind: "Ignore", name: "messages", value: messages }];
