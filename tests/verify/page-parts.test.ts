import { describe, expect, it } from "vitest";
import { runningParts } from "../../src/verify/page-parts.js";

describe("what runs on a page", () => {
  it.each([
    ["nothing", "<p>a < b > c</p>", []],
    ["a script", "<p><script src=x></script></p>", ["<script src=x></script>"]],
    ["a script with tags in it", '<SCRIPT>"<a onx=y>"</SCRIPT ><p>', ['<SCRIPT>"<a onx=y>"</SCRIPT >']],
    ["a script without an end", "<script>x", ["<script>x"]],
    ["no element that is only called alike", "<scripts>x</scripts>", []],
    ["a handler", "<img src=x onerror=alert(1)>", ["<img src=x onerror=alert(1)>"]],
    ["a handler after a slash", "<svg/onload = x>", ["<svg/onload = x>"]],
    ["an address that is a script", "<a href=' javascript:x'>", ["<a href=' javascript:x'>"]],
    ["a tag without an end", "<a onx=y", []],
    ["a tag after what is none", "<<1<a onx=y>", ["<a onx=y>"]],
    ["scripts first, then handlers", "<a onx=y><script>1</script>", ["<script>1</script>", "<a onx=y>"]],
  ])("is %s", (_what, page, parts) => {
    expect(runningParts(page)).toEqual(parts);
  });
});
