/** Markdown as a tree: what counts as such, and that nothing of a text is lost or becomes what it must not be. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Block, type Inline, toBlocks, toInline } from "../../src/element/rich/markdown.ts";

const toText = (parts: readonly Inline[]): string =>
  parts
    .map((part) => (typeof part === "string" ? part : part.type === "code" ? part.text : toText(part.parts)))
    .join("");
const hrefs = (parts: readonly Inline[]): string[] =>
  parts.flatMap((part) =>
    typeof part === "string" || part.type === "code"
      ? []
      : [...(part.type === "link" ? [part.href] : []), ...hrefs(part.parts)],
  );
const types = (text: string): string[] => toBlocks(text).map(({ type }) => type);

describe("in a line", () => {
  test("bold, italic, struck and code, one in another", () => {
    assert.deepEqual(toInline("a **b *c* d** ~~e~~ `f*g*`"), [
      "a ",
      { type: "bold", parts: ["b ", { type: "italic", parts: ["c"] }, " d"] },
      " ",
      { type: "struck", parts: ["e"] },
      " ",
      { type: "code", text: "f*g*" },
    ]);
  });

  test("a link with words of its own, and one as it stands", () => {
    assert.deepEqual(hrefs(toInline("See [our **page**](https://a.example/x_(y)) or https://b.example/z.")), [
      "https://a.example/x_(y)",
      "https://b.example/z",
    ]);
  });

  for (const target of [
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "https://bank@evil.example",
    "x",
  ]) {
    test(`${target} becomes no link`, () => assert.deepEqual(hrefs(toInline(`[click](${target})`)), []));
  }

  test("a link in a link's words is none", () => {
    assert.deepEqual(hrefs(toInline("[https://bank.example](https://evil.example)")), ["https://evil.example/"]);
  });

  for (const text of ["5 * 3 * 2", "snake_case_name", "2 ** 3", "a*", "**", "[x]", "~", "*a", "`a", "1_000_000"]) {
    test(`${text} is what it is`, () => assert.deepEqual(toInline(text), [text]));
  }

  test("an escaped sign is that sign", () => assert.equal(toText(toInline("\\*a\\* \\[b\\]")), "*a* [b]"));
});

describe("in lines", () => {
  test("lists below lists, with numbers that start where they are said to", () => {
    const [list] = toBlocks("3. three\n4. four\n   - below\n   - it");
    assert.ok(list?.type === "list");
    assert.deepEqual([list.ordered, list.start, list.items.length], [true, 3, 2]);
    const [below] = list.items[1]?.lists ?? [];
    assert.ok(below?.type === "list");
    assert.deepEqual(
      below.items.map(({ parts }) => toText(parts)),
      ["below", "it"],
    );
  });

  test("code keeps its lines, also where it never ends", () => {
    assert.deepEqual(toBlocks("```js\nlet a = **1**;\n\n  b\n```\nend"), [
      { type: "code", text: "let a = **1**;\n\n  b" },
      { type: "paragraph", parts: ["end"] },
    ] satisfies Block[]);
    assert.deepEqual(toBlocks("```\nopen"), [{ type: "code", text: "open" }] satisfies Block[]);
  });

  test("headings, quotes, and paragraphs with their line breaks", () => {
    assert.deepEqual(types("# A\nb\nc\n\n> d\n> e\n- f"), ["heading", "paragraph", "quote", "list"]);
    assert.deepEqual(toBlocks("b\nc"), [{ type: "paragraph", parts: ["b\nc"] }] satisfies Block[]);
  });

  test("no word of any text is lost, and none of any becomes a link that is not safe", () => {
    const sign = fc.constantFrom(
      ..."*_~`[]()#>-+1.\\ \n\t".split(""),
      "a",
      "b",
      "https://a.example/",
      "javascript:x",
      "```",
      "**",
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        const text = signs.join("");
        const all = (blocks: readonly Block[]): { words: string; links: string[] }[] =>
          blocks.flatMap((block) => {
            if (block.type === "code") return { words: block.text, links: [] };
            const parts = block.type === "list" ? block.items.map((item) => item.parts) : [block.parts];
            const own = parts.map((each) => ({ words: toText(each), links: hrefs(each) }));
            return block.type === "list" ? [...own, ...block.items.flatMap(({ lists }) => all(lists))] : own;
          });
        const found = all(toBlocks(text));
        for (const { links } of found) for (const link of links) assert.match(link, /^(https?|mailto):/);
        // A fence's first line and a link's address are not shown.
        if (/```|~~~|\]\(/.test(text)) return;
        const words = (of: string) => [...of].filter((each) => /[ab]/.test(each)).length;
        assert.equal(words(found.map((each) => each.words).join(" ")), words(text));
      }),
      { numRuns: 3000 },
    );
  });
});
