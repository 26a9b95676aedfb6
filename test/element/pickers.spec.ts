/** Pickers in a browser: lists and dates, what they send, and what they show once they are answered. */
import type { DatePicker, ListPicker } from "../../src/chat/rich.ts";
import { fill, findings, named, shown } from "./find.ts";
import { equal, type Found, makeOpenChat, message, ok, until } from "./support.ts";

const TOPPINGS: ListPicker = {
  type: "list-picker",
  title: "Toppings",
  buttonText: "Order",
  sections: [
    {
      title: "On it",
      multiple: true,
      items: [
        { id: "o", title: "Olives", subtitle: "black" },
        { id: "c", title: "Capers" },
      ],
    },
    {
      title: "Size",
      multiple: false,
      items: [
        { id: "s", title: "Small" },
        { id: "l", title: "Large" },
      ],
    },
  ],
};
const NOON = new Date(2031, 4, 12, 12).getTime();
const SLOTS: DatePicker = {
  type: "date-picker",
  title: "Choose a slot",
  times: [0, 1, 24, 48, 72, 96].map((hours) => ({ at: NOON + hours * 3_600_000, durationMs: 1_800_000 })),
};
const DAYS: DatePicker = {
  type: "date-picker",
  title: "Day of delivery",
  times: [],
  earliest: Date.UTC(2031, 4, 1),
  latest: Date.UTC(2031, 4, 20),
};

const item = (found: Found, name: string) => {
  const input = [...found.root.querySelectorAll<HTMLInputElement>(".item input")].find((each) =>
    each.labels?.[0]?.textContent?.trim().startsWith(name),
  );
  ok(input, `there is no item "${name}"`);
  return input;
};

async function makePicker(content: ListPicker | DatePicker, more = {}) {
  const found = await makeOpenChat({ broker: "/broker", lang: "en" });
  const asked = message("Please choose", { content, ...more });
  found.chat.client.receive(asked);
  await shown(found, "[role=group]", content.title ?? "");
  return { ...found, asked };
}

describe("the list picker", () => {
  it("sends what was chosen, in the order in which it stands, and then rests", async () => {
    const found = await makePicker(TOPPINGS);
    const { chat, asked, press, settle } = found;
    for (const name of ["Large", "Capers", "Olives", "Small"]) {
      item(found, name).click();
      await settle();
    }
    equal([item(found, "Small").checked, item(found, "Large").checked], [true, false]);
    await press("Order");
    const items = [
      { text: "Olives", payload: "o" },
      { text: "Capers", payload: "c" },
      { text: "Small", payload: "s" },
    ];
    equal(chat.client.asked("reply"), [
      {
        type: "reply",
        to: asked.id,
        text: "Olives, Capers, Small",
        payload: "o\nc\ns",
        answer: { type: "list", items },
      },
    ]);
    equal(found.button("Order"), null);
    ok(found.root.querySelector("fieldset")?.disabled, "nothing can be changed any more");
  });

  it("each section is a group with its title", async () => {
    const found = await makePicker(TOPPINGS);
    equal(
      [...found.root.querySelectorAll("fieldset legend")].map((each) => each.textContent),
      ["On it", "Size"],
    );
  });

  it("with nothing chosen it says so and goes to the first item", async () => {
    const found = await makePicker(TOPPINGS);
    await found.press("Order");
    equal(found.chat.client.asked("reply"), []);
    equal(found.text(".wrong"), "Please choose.");
    await until(() => found.root.activeElement === item(found, "Olives"), "the focus is on the first");
    item(found, "Olives").click();
    await found.settle();
    equal(found.text(".wrong"), "");
  });

  it("answered in another tab or long ago, it shows what was chosen and is closed", async () => {
    const found = await makePicker(TOPPINGS, { chosen: "c\nl" });
    equal(
      ["Olives", "Capers", "Small", "Large"].map((name) => item(found, name).checked),
      [false, true, false, true],
    );
    equal(found.button("Order"), null);
  });

  it("what is chosen and not sent stays while others write", async () => {
    const found = await makePicker(TOPPINGS);
    item(found, "Capers").click();
    await found.settle();
    found.chat.client.receive(message("earlier", { sentAt: 1e12 }), message("later"));
    await found.settle();
    equal(item(found, "Capers").checked, true);
    equal(found.root.querySelectorAll<HTMLInputElement>(".item input:checked").length, 1);
  });

  it("axe-core has nothing to say about it, open, refused and answered", async () => {
    const found = await makePicker(TOPPINGS);
    equal(await findings(found), []);
    await found.press("Order");
    equal(await findings(found), []);
    found.chat.client.receive({ ...found.asked, chosen: "o" });
    await found.settle();
    equal(await findings(found), []);
  });
});

describe("the date picker", () => {
  const clock = (at: number) => new Intl.DateTimeFormat("en", { timeStyle: "short" }).format(at);

  it("shows the first days with their times on the guest's clock, and more when asked", async () => {
    const found = await makePicker(SLOTS);
    const day = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
    const legends = () => [...found.root.querySelectorAll("legend")].map((each) => each.textContent);
    equal(
      legends(),
      [0, 24, 48].map((hours) => day.format(NOON + hours * 3_600_000)),
    );
    equal(found.root.querySelector("button.time")?.textContent, clock(NOON));
    await found.press("Show more times");
    equal(legends().length, 5);
    equal(found.button("Show more times"), null);
    ok(found.text(".picker").includes(Intl.DateTimeFormat().resolvedOptions().timeZone), "the time zone is told");
  });

  it("a time is sent as it is chosen: for Genesys in UTC, for the guest in his own words", async () => {
    const found = await makePicker(SLOTS);
    found.root.querySelectorAll<HTMLButtonElement>("button.time")[1]?.click();
    await found.settle();
    const [reply] = found.chat.client.asked("reply");
    equal([reply?.payload, reply?.answer], [new Date(NOON + 3_600_000).toISOString(), { type: "date" }]);
    ok(reply?.text.includes(clock(NOON + 3_600_000)), reply?.text ?? "");
  });

  it("once answered it shows that time alone", async () => {
    const found = await makePicker(SLOTS, { chosen: new Date(NOON + 96 * 3_600_000).toISOString() });
    const times = [...found.root.querySelectorAll<HTMLButtonElement>("button.time")];
    equal(
      times.map((each) => [each.ariaPressed, each.matches(":disabled")]),
      [["true", true]],
    );
  });

  it("any day of a span is chosen in the browser's own box, and sent as midnight UTC of that day", async () => {
    const found = await makePicker(DAYS);
    const box = named<HTMLInputElement>(found, "input[type=date]", "Day of delivery");
    equal([box.min, box.max], ["2031-05-01", "2031-05-20"]);
    await fill(found, box, "2031-05-12");
    await found.press("Confirm");
    const [reply] = found.chat.client.asked("reply");
    equal([reply?.payload, reply?.answer], ["2031-05-12T00:00:00.000Z", { type: "date" }]);
    ok(reply?.text.includes("12") && reply.text.includes("2031"), reply?.text ?? "");
  });

  it("a day outside of the span is refused, with the days that may be chosen", async () => {
    const found = await makePicker(DAYS);
    const box = named<HTMLInputElement>(found, "input[type=date]", "Day of delivery");
    await fill(found, box, "2031-06-12");
    await found.press("Confirm");
    equal(found.chat.client.asked("reply"), []);
    ok(/^Please choose a day between .*2031.* and .*2031/.test(found.text(".wrong")), found.text(".wrong"));
    equal(box.getAttribute("aria-invalid"), "true");
    ok(found.root.getElementById(box.getAttribute("aria-describedby") ?? "")?.textContent, "the box tells why");
    await until(() => found.root.activeElement === box, "the focus is on the box");
  });

  for (const [what, content] of [
    ["times", SLOTS],
    ["days", DAYS],
  ] as const) {
    it(`axe-core has nothing to say about it with ${what}`, async () => {
      equal(await findings(await makePicker(content)), []);
    });
  }
});
