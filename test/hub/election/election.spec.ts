/** Elections by the Web Locks of a real browser. */
import { stand } from "../../../src/hub/election/election.ts";
import { equal, until } from "../../element/support.ts";

describe("an election", () => {
  const newName = () => `election ${crypto.randomUUID()}`;
  let name = newName();
  let all: AbortController[] = [];
  /** What has happened, in order. */
  let told: string[] = [];

  afterEach(() => {
    for (const candidate of all) candidate.abort();
    all = [];
    told = [];
    name = newName();
  });

  function enter(who: string): { leave(): void; depose(): void } {
    const candidate = new AbortController();
    all.push(candidate);
    const lead = () => {
      told.push(`${who} leads`);
      return () => void told.push(`${who} steps down`);
    };
    const onBarred = (cause: Error) => void told.push(`${who} is barred: ${cause.message}`);
    const depose = stand(name, { lead, onBarred }, candidate.signal);
    return { leave: () => candidate.abort(), depose };
  }
  const happened = (...what: string[]) =>
    until(() => told.length >= what.length, what.join()).then(() => equal(told, what));
  /** Others have had their turn when the lock manager has answered. */
  const turn = () => navigator.locks.query();

  it("has one leader; when it leaves, the next in line leads", async () => {
    const one = enter("one");
    const two = enter("two");
    enter("three");
    await happened("one leads");
    await turn();
    two.leave();
    one.leave();
    await happened("one leads", "one steps down", "three leads");
  });

  it("gives the lead to who deposes the one before; that one steps down and waits for its turn", async () => {
    enter("one");
    await happened("one leads");
    const two = enter("two");
    two.depose();
    await until(() => told.length === 3, "the change");
    equal([...told].sort(), ["one leads", "one steps down", "two leads"]);
    two.leave();
    await until(() => told.length === 5, "the change back");
    equal(told.slice(3), ["two steps down", "one leads"]);
  });

  it("gives it to who takes the place of a page that is frozen and holds on to it", async () => {
    const frozen = navigator.locks.request(name, () => new Promise(() => {})).catch(({ name }) => name);
    const one = enter("one");
    await turn();
    equal(told, []);
    one.depose();
    await happened("one leads");
    equal(await frozen, "AbortError");
  });

  it("leaves nothing behind of who has left, whether it led or not", async () => {
    const one = enter("one");
    const two = enter("two");
    await happened("one leads");
    two.leave();
    one.leave();
    // Granted when nobody holds it, and nobody waits for it in front of this.
    await navigator.locks.request(name, () => {});
    equal(told, ["one leads", "one steps down"]);
  });

  it("tells who can never lead", async () => {
    // A name that begins with a hyphen is reserved (Web Locks API, section 3).
    name = "-reserved";
    enter("one");
    await until(() => told.length === 1, "the refusal");
    equal(told[0]?.startsWith("one is barred"), true);
  });
});
