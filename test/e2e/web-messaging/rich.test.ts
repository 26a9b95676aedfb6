/** Messages that a guest answers by choosing: cards, a carousel, pickers and a form, in a real browser, much of it by keyboard. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually, say, shown, transcript } from "../../support/site.ts";
import { useShop } from "./shop.ts";

describe("a guest who is asked to choose", () => {
  const { enter, said } = useShop();

  /** Asks the bot for one of what it can show; gives what came. */
  async function ask(word: string, name: string) {
    const { page } = await enter();
    await say(page, word);
    const group = transcript(page).getByRole("group", { name, exact: true });
    await group.waitFor();
    return { page, group };
  }
  /** What a guest without a mouse does. */
  const press = async (button: ReturnType<Page["getByRole"]>) => {
    await button.focus();
    await button.press("Enter");
  };

  test("answers a card by its button, once", async () => {
    const { page, group: card } = await ask("card", "Polaris lamp");
    await card.getByRole("button", { name: "Take the Polaris" }).click();
    await shown(page, "You have chosen: Take the Polaris.");
    assert.deepEqual(await said(), ["card", "Take the Polaris"]);
    await eventually(async () => assert.ok(await card.getByRole("button", { name: /Take the Polaris/ }).isDisabled()));
    assert.equal(await card.getByRole("link", { name: "Details" }).getAttribute("rel"), "noopener noreferrer nofollow");
  });

  test("goes through a carousel by keyboard alone", async () => {
    const { page } = await ask("carousel", "Cards");
    const strip = transcript(page).getByRole("list", { name: "Cards" });
    await strip.focus();
    await page.keyboard.press("ArrowRight");
    await shown(page, "2 of 3");
    await press(transcript(page).getByRole("button", { name: "Next card" }));
    await shown(page, "3 of 3");
    await press(transcript(page).getByRole("button", { name: "Take the Nomad 60" }));
    await shown(page, "You have chosen: Take the Nomad 60.");
    assert.equal((await said()).at(-1), "Take the Nomad 60");
  });

  test("chooses several of a list, and one where only one can be", async () => {
    const { page, group } = await ask("list", "What shall we pack?");
    await press(group.getByRole("button", { name: "Confirm" }));
    await group.getByText("Please choose.").waitFor();
    const box = (name: string) => group.getByRole("checkbox", { name });
    await box("Pegs").focus();
    await page.keyboard.press("Space");
    await box("A mat").check();
    await group.getByRole("radio", { name: "A map" }).check();
    await press(group.getByRole("button", { name: "Confirm" }));
    await shown(page, "You have chosen: Pegs, A mat, A map.");
    assert.equal((await said()).at(-1), "Pegs, A mat, A map");
    await eventually(async () => assert.ok(await box("Pegs").isDisabled()));
    assert.equal(await group.getByRole("button", { name: "Confirm" }).count(), 0);
  });

  test("chooses a time on his own clock", async () => {
    const { page, group } = await ask("dates", "Choose a time");
    const times = group.getByRole("button", { name: / – .*, / });
    await eventually(async () => assert.equal(await times.count(), 6));
    await press(times.nth(2));
    await shown(page, /^You have chosen: /);
    const [, day = "never"] = /, (\w+)/.exec((await times.first().getAttribute("aria-label")) ?? "") ?? [];
    assert.ok((await said()).at(-1)?.startsWith(day), `${(await said()).at(-1)} on ${day}`);
    await eventually(async () => assert.equal(await times.count(), 1));
  });

  test("fills in a form page by page, sees it whole, and sends it", async () => {
    const { page, group: introduction } = await ask("form", "Your journey");
    await press(introduction.getByRole("button", { name: "Start" }));
    const first = transcript(page).getByRole("group", { name: "You", exact: true });
    await press(first.getByRole("button", { name: "Next" }));
    await first.getByText("Please fill this in.").waitFor();
    await page.keyboard.type("Ada");
    await page.keyboard.press("Enter");
    const second = transcript(page).getByRole("group", { name: "The journey", exact: true });
    await second.getByText("Step 2 of 3").waitFor();
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await second.getByLabel("Date").last().fill(tomorrow);
    await second.getByRole("checkbox", { name: "A suitcase" }).check();
    await press(second.getByRole("button", { name: "Next" }));
    const whole = transcript(page).getByRole("group", { name: "Check your answers" });
    for (const answer of ["Ada", "A suitcase"]) await whole.getByRole("definition").getByText(answer).waitFor();
    await press(whole.getByRole("button", { name: "Send" }));
    await shown(page, "Thank you, the form has come.");
    assert.equal((await said()).at(-1), "The form is sent");
  });

  test("answers by a quick reply", async () => {
    const { page } = await enter();
    await press(transcript(page).getByRole("button", { name: "Returns" }));
    await shown(page, /^Returns are free for 30 days/);
    assert.deepEqual(await said(), ["Returns"]);
  });
});
