import { describe, expect, it } from "vitest";
import {
  arrange,
  defaultForm,
  type Form,
  followUpForm,
  ownForm,
  readOwnForm,
  withoutRequired,
} from "../../src/form/index.js";
import { EXAMPLE, PRISONERS, SHORT } from "../support/forms.js";

const LANGUAGES = ["ru", "uk", "en"];
const standard = defaultForm((id) => id);
const [prisoners, short, example] = [PRISONERS, SHORT, EXAMPLE].map((json) =>
  ownForm(readOwnForm(json, LANGUAGES), "ru", (id) => id),
);
const ids = (questions: Form["questions"] = []) => questions.map(({ id }) => id);
const names = (form: Form) => {
  const { asked, more } = arrange(form);
  return [ids(asked), ids(more)];
};

function own(name: Form | undefined): Form {
  if (name === undefined) throw new Error("there is no such form");
  return name;
}

describe("a form's arrangement", () => {
  it("asks for letter and documents, and leaves the rest to those who want to say more", () => {
    expect(names(standard)).toEqual([
      ["message", "documents"],
      ["prisoner", "place", "charge", "request", "writer", "health", "consent", "contact"],
    ]);
  });

  it.each([own(prisoners), own(short), own(example)])(
    "shows every question once, in the form's order, and none that is needed behind the line: $id",
    (form) => {
      const { asked, more } = arrange(form);
      expect([...ids(asked), ...ids(more)].sort()).toEqual([...ids(form.questions)].sort());
      for (const list of [asked, more]) expect(list).toEqual(form.questions.filter((each) => list.includes(each)));
      for (const { required, kind, shownWhen } of more) {
        expect(kind).not.toBe("files");
        if (shownWhen === null) expect(required).toBe(false);
      }
    },
  );

  it("keeps a question beside the one that it depends on", () => {
    for (const { questions } of [own(prisoners)]) {
      const [asked, more] = names(own(prisoners));
      for (const { id, shownWhen } of questions) {
        if (shownWhen === null) continue;
        expect(asked?.includes(id)).toBe(asked?.includes(shownWhen.question));
        expect(more?.includes(id)).toBe(more?.includes(shownWhen.question));
      }
    }
  });
});

describe("the form of a follow-up", () => {
  it("asks for the letter and documents only, none of them required", () => {
    for (const form of [standard, own(prisoners), own(short)]) {
      const { questions, atLeastOne, enough, intro } = followUpForm(form, "one is enough");
      expect(questions.map(({ kind }) => kind).sort()).toEqual(["files", "text"]);
      expect(questions.every(({ required, optional }) => !required && !optional)).toBe(true);
      expect(atLeastOne).toEqual(ids(questions));
      expect([enough, intro]).toEqual(["one is enough", []]);
    }
  });

  it("asks everything of a form without a letter", () => {
    const lines = { ...standard, questions: standard.questions.filter(({ kind }) => kind === "line") };
    expect(ids(followUpForm(lines, "").questions)).toEqual(ids(lines.questions));
  });
});

describe("a form without required answers", () => {
  it("is the same form where none is required", () => {
    expect(withoutRequired(standard)).toBe(standard);
  });

  it("still needs one answer", () => {
    const form = withoutRequired(own(prisoners));
    expect(form.questions.some(({ required }) => required)).toBe(false);
    expect(form.atLeastOne).toEqual(ids(form.questions));
  });
});
