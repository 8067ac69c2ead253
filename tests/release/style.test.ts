import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: fileURLToPath(root),
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(new URL(path, root)));

const COLUMNS = 120;
const CODE = /^(?:src|tests|scripts)\/.*\.(?:tsx?|[cm]?js)$/;
/** A line that is a comment, or ends in one. */
const COMMENT = /^\s*(?:\/\/|\/?\*)|\s\/\/\s/;

describe("comments", () => {
  it(`have no line over ${COLUMNS} columns`, () => {
    const long = tracked
      .filter((path) => CODE.test(path))
      .flatMap((path) =>
        read(path)
          .split("\n")
          .flatMap((line, index) => (line.length > COLUMNS && COMMENT.test(line) ? [`${path}:${index + 1}`] : [])),
      );
    expect(long).toEqual([]);
  });
});

describe("the docs", () => {
  const pages = tracked.filter((path) => path.endsWith(".md"));
  const there = (path: string) => tracked.some((one) => one === path || one.startsWith(`${path.replace(/\/$/, "")}/`));
  /** Links of Markdown and sources of images, but for those to other sites. */
  const links = (page: string) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
      .map(([, link, image]) => link ?? image ?? "")
      .filter((link) => !/^[a-z]+:/.test(link));
  const anchors = (page: string) =>
    [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, "")
        .replaceAll(" ", "-"),
    );

  it("lead to pages and headings that exist", () => {
    const dead = pages.flatMap((page) =>
      links(page)
        .filter((link) => {
          const [path = "", anchor] = link.split("#");
          const target = path === "" ? page : posix.join(posix.dirname(page), path);
          return !there(target) || (anchor !== undefined && !anchors(target).includes(anchor));
        })
        .map((link) => `${page} -> ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it("name no file of ours that does not exist", () => {
    const missing = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:src|tests|scripts|deploy|docs)\/[\w./-]+)`/g)]
        .map(([, path = ""]) => path)
        .filter((path) => !there(path))
        .map((path) => `${page}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});
