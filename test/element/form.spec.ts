/** Forms in a browser: pages, required fields, the summary, and what is sent. */
import type { Form } from "../../src/chat/rich.ts";
import { fill, findings, named, shown } from "./find.ts";
import { equal, type Found, makeOpenChat, message, ok, until } from "./support.ts";

const VISIT: Form = {
  type: "form",
  title: "Visit",
  cannedResponseId: "canned-1",
  introduction: { title: "Your visit", subtitle: "Two questions", buttonText: "Begin" },
  showSummary: true,
  sentText: "Thank you for the form",
  pages: [
    {
      title: "You",
      fields: [
        { id: "name", type: "text", title: "Name", required: true, multiline: false, autocomplete: "GivenName" },
        { id: "mail", type: "text", title: "E-mail", required: false, multiline: false, keyboard: "EmailAddress" },
        { id: "note", type: "text", title: "Note", required: false, multiline: true },
      ],
    },
    {
      title: "When",
      fields: [
        {
          id: "day",
          type: "date",
          title: "Day",
          required: true,
          times: [],
          earliest: Date.UTC(2031, 4, 1),
          latest: Date.UTC(2031, 4, 30),
        },
        {
          id: "shop",
          type: "wheel",
          title: "Shop",
          required: true,
          items: [
            { id: "le", title: "Leipzig" },
            { id: "be", title: "Berlin" },
          ],
        },
        {
          id: "likes",
          type: "list",
          title: "Likes",
          required: false,
          sections: [
            {
              multiple: true,
              items: [
                { id: "la", title: "Lamps" },
                { id: "ba", title: "Bags" },
              ],
            },
          ],
        },
      ],
    },
  ],
};

async function makeForm(more: Partial<Form> = {}) {
  const found = await makeOpenChat();
  const asked = message("", { content: { ...VISIT, ...more } });
  found.chat.client.receive(asked);
  await until(() => found.root.querySelector(".picker"), "the form is there");
  return { ...found, asked };
}
const box = (found: Found, name: string) =>
  named<HTMLInputElement>(found, "input.field, textarea.field, select.field", name);
const title = (found: Found) => found.text(".picker .title");

async function fillIn(found: Found): Promise<void> {
  await found.press("Begin");
  await fill(found, box(found, "Name"), "Ada");
  await found.press("Next");
  await fill(found, box(found, "Day"), "2031-05-12");
  await fill(found, box(found, "Shop"), "be");
  found.root.querySelector<HTMLInputElement>(".item input")?.click();
  await found.settle();
  await found.press("Next");
}

describe("a form", () => {
  it("goes from the introduction over its pages to a summary, and is sent with every answer", async () => {
    const found = await makeForm();
    equal([title(found), found.text(".picker .hint")], ["Your visit", "Two questions"]);
    await fillIn(found);
    equal(title(found), "Check your answers");
    const summary = found.text("dl");
    for (const part of ["Ada", "Berlin", "Lamps", "2031"]) ok(summary.includes(part), `${part} is in ${summary}`);
    await found.press("Send");
    const [reply] = found.chat.client.asked("reply");
    equal([reply?.to, reply?.text, reply?.payload], [found.asked.id, "Thank you for the form", "canned-1"]);
    ok(reply?.answer?.type === "form", "it is a form's answer");
    equal(
      [reply.answer.cannedResponseId, reply.answer.fields.map(({ id, payload }) => [id, payload])],
      [
        "canned-1",
        [
          ["name", "Ada"],
          ["day", "2031-05-12T00:00:00.000Z"],
          ["shop", "be"],
          ["likes", "la"],
        ],
      ],
    );
  });

  it("required fields that are empty are named at the field, and the focus goes to the first", async () => {
    const found = await makeForm();
    await found.press("Begin");
    await found.press("Next");
    const name = box(found, "Name");
    equal([name.getAttribute("aria-invalid"), name.getAttribute("aria-required")], ["true", "true"]);
    equal(found.root.getElementById(name.getAttribute("aria-describedby") ?? "")?.textContent, "Please fill this in.");
    await until(() => found.root.activeElement === name, "the focus is on the field");
    await fill(found, name, "Ada");
    equal(name.getAttribute("aria-invalid"), "false");
    await found.press("Next");
    equal(title(found), "When");
  });

  it("each page tells its step and takes the focus to its title", async () => {
    const found = await makeForm();
    await found.press("Begin");
    equal(found.text(".progress small"), "Step 1 of 3");
    await fill(found, box(found, "Name"), "Ada");
    await found.press("Next");
    equal(found.text(".progress small"), "Step 2 of 3");
    equal(found.root.querySelector("progress")?.value, 2);
    await until(() => found.root.activeElement?.textContent === "When", "the focus is on the title");
  });

  it("Back keeps what was filled in, and other messages do not disturb it", async () => {
    const found = await makeForm();
    await fillIn(found);
    await found.press("Back");
    equal(box(found, "Shop").value, "be");
    found.chat.client.receive(message("one", { sentAt: 1e12 }), message("two"));
    await found.settle();
    await found.press("Back");
    equal(box(found, "Name").value, "Ada");
  });

  it("Enter in a line goes on, in a text of several lines it is a line break", async () => {
    const found = await makeForm();
    await found.press("Begin");
    await fill(found, box(found, "Name"), "Ada");
    await found.key(box(found, "Note (optional)"), "Enter");
    equal(title(found), "You");
    await found.key(box(found, "Name"), "Enter");
    equal(title(found), "When");
    equal(found.chat.client.asked("send"), []);
  });

  it("keyboards and what browsers fill in are said in their words", async () => {
    const found = await makeForm();
    await found.press("Begin");
    equal([box(found, "Name").autocomplete, box(found, "E-mail (optional)").inputMode], ["given-name", "email"]);
  });

  it("without introduction and summary, one page is sent at once", async () => {
    const found = await makeForm({ introduction: undefined, showSummary: false, pages: VISIT.pages.slice(0, 1) });
    equal(found.root.querySelector("progress"), null);
    await fill(found, box(found, "Name"), "Ada");
    await found.press("Send");
    equal(found.chat.client.asked("reply").length, 1);
  });

  it("once it is answered, the answers are shown and nothing can be sent", async () => {
    const found = await makeForm();
    await fillIn(found);
    await found.press("Send");
    found.chat.client.receive({ ...found.asked, chosen: "canned-1" });
    await found.settle();
    ok(found.text(".picker").includes("Thank you for the form"), "it says that it was sent");
    ok(found.text(".picker").includes("Ada"), "with what was answered");
    equal(found.button("Send"), null);
  });

  it("axe-core has nothing to say about any page of it", async () => {
    const found = await makeForm();
    equal(await findings(found), []);
    await found.press("Begin");
    await found.press("Next");
    equal(await findings(found), []);
    await fill(found, box(found, "Name"), "Ada");
    await found.press("Next");
    equal(await findings(found), []);
    await fill(found, box(found, "Day"), "2031-05-12");
    await fill(found, box(found, "Shop"), "be");
    await found.press("Next");
    equal(await findings(found), []);
    await shown(found, "[role=group]", "Check your answers");
  });
});
