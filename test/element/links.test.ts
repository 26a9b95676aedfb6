/** Which parts of a text become links. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Link, splitLinks } from "../../src/element/rich/links.ts";

const links = (text: string): Link[] => splitLinks(text).filter((part) => typeof part !== "string");
const hrefs = (text: string): string[] => links(text).map(({ href }) => href);

describe("links in a text", () => {
  test("nothing of the text is lost", () => {
    const text = "See https://a.example/x, (https://b.example/y_(z)) and mailto:me@c.example!";
    assert.equal(
      splitLinks(text)
        .map((part) => (typeof part === "string" ? part : part.label))
        .join(""),
      text,
    );
    assert.deepEqual(hrefs(text), ["https://a.example/x", "https://b.example/y_(z)", "mailto:me@c.example"]);
  });

  for (const text of [
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "blob:https://a.example/1",
    "https://bank.example@evil.example/",
    "https://",
    "<a href='https:'>",
  ]) {
    test(`${JSON.stringify(text)} is no link`, () => assert.deepEqual(hrefs(text), []));
  }

  test("a host of foreign letters is shown as the network sees it", () => {
    assert.deepEqual(links("https://аpple.example/"), [
      { label: "https://xn--pple-43d.example/", href: "https://xn--pple-43d.example/" },
    ]);
  });

  test("a control that turns the direction ends a link", () => {
    assert.deepEqual(hrefs("https://a.example/\u202egpj.exe"), ["https://a.example/"]);
  });
});
