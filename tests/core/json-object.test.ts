import { expect, it } from "vitest";
import { fieldsOf, isJsonObject } from "../../src/core/index.js";

it.each(["null", "true", "1", '"x"', "[]", '[{"a":1}]'])("%s is not an object and has no members", (text) => {
  const value: unknown = JSON.parse(text);
  expect([isJsonObject(value), fieldsOf(value)]).toEqual([false, {}]);
});

it("an object has its members", () => {
  const value: unknown = JSON.parse('{"a":[1]}');
  expect([isJsonObject(value), fieldsOf(value)]).toEqual([true, { a: [1] }]);
});
