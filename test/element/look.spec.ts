/** A deployment's look in a browser: what is obeyed of it, what of the page wins over it, when it is asked for and what is kept. */
import { equal, type Found, makeChat, ok, until } from "./support.ts";

const ID = "5d0c1a2b-7e3f-4a5b-8c6d-9e0f1a2b3c4d";
const KEY = `genesys-guest-chat:${ID}`;
const PAGE = { "deployment-id": ID, endpoint: "https://gateway.example" };
const WAITING = { ...PAGE, launcher: "deployment" };
const DAY = 86_400_000;

/** As the platform's file has them. */
interface Said {
  status?: string;
  launcher?: string;
  headless?: boolean;
  languages?: string[];
  colour?: string;
  position?: object;
  labels?: Record<string, Record<string, string>>;
}

const toFile = (said: Said) => {
  const { status = "Active", launcher = "On", headless = false, colour, position, labels = {}, languages } = said;
  return {
    status,
    languages,
    defaultLanguage: "de-de",
    headlessMode: { enabled: headless },
    messenger: {
      enabled: true,
      apps: { conversations: { enabled: true } },
      styles: { primaryColor: colour },
      launcherButton: { visibility: launcher },
    },
    position,
    customI18nLabels: Object.entries(labels).map(([language, texts]) => ({
      language,
      localizedLabels: Object.entries(texts).map(([key, value]) => ({ key, value })),
    })),
  };
};

const real = globalThis.fetch;
let asked: string[] = [];
let answer: () => Response | Promise<Response>;

/** What the platform answers from now on. */
const says = (said: Said) => {
  answer = () => Response.json(toFile(said));
};

beforeEach(() => {
  asked = [];
  says({});
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    return answer();
  };
});
afterEach(() => {
  globalThis.fetch = real;
  document.documentElement.removeAttribute("style");
  document.documentElement.lang = "en";
});

/** It was told: what it does with it comes with its next update. */
const isTold = ({ chat }: Found) => KEY in localStorage || chat.style.length > 0;
/** Somebody points at it until it asks: `before`, so many times it had. */
async function intend({ chat }: Found, before = asked.length): Promise<void> {
  await until(() => chat.dispatchEvent(new PointerEvent("pointerover")) && asked.length > before, "it asks");
}
/** A chat that has been told. */
async function makeTold(said: Said, attributes: Record<string, string> = WAITING): Promise<Found> {
  says(said);
  const before = asked.length;
  const found = await makeChat(attributes);
  await intend(found, before);
  await until(() => isTold(found), "the deployment is told");
  await found.settle();
  return found;
}
const hasLauncher = ({ root }: Found) => root.querySelector(".launcher")?.checkVisibility() ?? false;
const launcherStyle = ({ root }: Found) => getComputedStyle(root.querySelector(".launcher") as Element);
const box = ({ root }: Found) => (root.querySelector(".launcher") as Element).getBoundingClientRect();
const title = ({ root }: Found) => root.querySelector(".head b")?.textContent?.trim();

/** Of a colour as the browser paints it, by WCAG 2. */
function luminance(colour: string): number {
  const context = new OffscreenCanvas(1, 1).getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

describe("a launcher that is left to the deployment", () => {
  it("is hidden until the configuration is there, and shows when it says so", async () => {
    let let_go = () => {};
    const held = new Promise<void>((resolve) => {
      let_go = resolve;
    });
    answer = async () => {
      await held;
      return Response.json(toFile({ launcher: "On" }));
    };
    const found = await makeChat(WAITING);
    await until(() => asked.length === 1, "the configuration is asked for without any intent");
    equal(asked[0], `https://gateway.example/webdeployments/v1/deployments/${ID}/config.json`);
    equal(hasLauncher(found), false);
    let_go();
    await until(() => hasLauncher(found), "the launcher shows");
    equal(found.chat.clients.length, 0);
  });

  for (const said of [{ launcher: "Off" }, { headless: true }, { status: "Inactive" }])
    it(`is not there with ${JSON.stringify(said)}`, async () => {
      const found = await makeTold(said);
      equal(hasLauncher(found), false);
      await found.chat.openChat();
      ok(found.root.querySelector(".panel")?.checkVisibility(), "the page's own button opens the chat");
      equal(hasLauncher(found), false);
    });

  it("comes on demand: once the page has opened the chat, and as long as the conversation goes on", async () => {
    const found = await makeTold({ launcher: "OnDemand" });
    equal(hasLauncher(found), false);
    await found.chat.openChat();
    await found.settle();
    equal(hasLauncher(found), true);
    found.chat.client.become({ phase: "live" });
    await found.chat.closeChat();
    await found.settle();
    equal(hasLauncher(found), true);
    found.chat.client.become({ phase: "ended" });
    await found.settle();
    equal(hasLauncher(found), false);
  });

  it("is left to it by a property as well as by an attribute", async () => {
    const found = await makeTold({ launcher: "Off" }, PAGE);
    equal(hasLauncher(found), true);
    found.chat.launcher = "deployment";
    await found.settle();
    equal(hasLauncher(found), false);
  });

  it("shows where there is no deployment to ask", async () => {
    const found = await makeChat({ broker: "/broker", launcher: "deployment" });
    await until(() => hasLauncher(found), "the launcher shows");
    equal(asked, []);
  });

  it("is asked for again where the network has failed, and the console says what it waits for", async () => {
    const warned: unknown[][] = [];
    const { warn } = console;
    const { setTimeout: later } = globalThis;
    console.warn = (...what: unknown[]) => warned.push(what);
    // Half a minute, which no test waits for.
    globalThis.setTimeout = ((call: () => void, ms = 0) => later(call, ms >= 30_000 ? 10 : ms)) as typeof setTimeout;
    try {
      answer = () => new Response(null, { status: 503 });
      const found = await makeChat(WAITING);
      await until(() => asked.length > 2, "it asks again");
      says({ launcher: "On" });
      await until(() => hasLauncher(found), "the launcher shows");
      equal(warned.length, 1);
      ok(/CHAT_CONFIGURATION.*waits/.test(warned[0]?.join(" ") ?? ""), "it says so once");
    } finally {
      console.warn = warn;
      globalThis.setTimeout = later;
    }
  });
});

describe("a launcher that the page shows", () => {
  it("is there at once, asks for the configuration on intent alone, and never moves", async () => {
    const said = { launcher: "Off", headless: true, position: { alignment: "Left", sideSpace: 60, bottomSpace: 60 } };
    says(said);
    const found = await makeChat(PAGE);
    await until(() => found.root.adoptedStyleSheets.length > 3, "the chunk is there");
    await found.settle();
    const before = box(found);
    equal(asked, []);
    found.chat.dispatchEvent(new FocusEvent("focusin"));
    await until(() => localStorage[KEY], "it was told");
    await found.settle();
    equal(hasLauncher(found), true);
    equal(box(found), before);
  });

  it("asks when the chat is opened by the page, once however often", async () => {
    const found = await makeChat(PAGE);
    await found.chat.openChat();
    await until(() => localStorage[KEY], "it was told");
    await found.chat.closeChat();
    await found.chat.openChat();
    await found.settle();
    equal(asked.length, 1);
  });
});

describe("the deployment's colour", () => {
  it("is the accent as it is, where it can be read", async () => {
    const found = await makeTold({ colour: "#14594A" }, { ...WAITING, theme: "light" });
    equal(launcherStyle(found).backgroundColor, "rgb(20, 89, 74)");
  });

  it("is darker by day and lighter by night where it could not be read, whatever it is", async () => {
    const found = await makeTold({ colour: "#14594A" });
    const levels = ["00", "40", "80", "b0", "ff"];
    const colours = levels.flatMap((r) => levels.flatMap((g) => levels.map((b) => `#${r}${g}${b}`)));
    for (const theme of ["light", "dark"] as const) {
      found.chat.theme = theme;
      await found.settle();
      const panel = getComputedStyle(found.root.querySelector(".root") as Element);
      const surface = theme === "light" ? "#fff" : "oklch(21% .012 262)";
      ok(panel.colorScheme === theme, "the theme is on");
      const { toAccent } = await import("../../src/element/look/accent.ts");
      for (const colour of colours) {
        found.chat.style.setProperty("--chat-deployment-accent", toAccent(colour));
        const { backgroundColor, color } = launcherStyle(found);
        const own = contrast(backgroundColor, color);
        const around = contrast(backgroundColor, surface);
        ok(own >= 4.5, `${colour} ${theme}: what stands on it has ${own.toFixed(2)}`);
        ok(around >= 4.5, `${colour} ${theme}: on the surface it has ${around.toFixed(2)}`);
      }
    }
  });

  it("gives way to the page's own, on the element or far above it", async () => {
    const found = await makeTold({ colour: "#14594A" }, { ...WAITING, theme: "light" });
    document.documentElement.style.setProperty("--chat-accent", "rgb(1, 2, 3)");
    equal(launcherStyle(found).backgroundColor, "rgb(1, 2, 3)");
    equal(found.chat.style.getPropertyValue("--chat-accent"), "");
  });

  it("is ours where the deployment's is none", async () => {
    const ours = await makeChat({ broker: "/broker", theme: "light" });
    const { backgroundColor } = launcherStyle(ours);
    const found = await makeTold({ colour: "red;}*{display:none" }, { ...WAITING, theme: "light" });
    equal(launcherStyle(found).backgroundColor, backgroundColor);
  });
});

describe("the deployment's place", () => {
  const inset = (found: Found) => {
    const { left, right, bottom } = box(found);
    return { left, right: document.documentElement.clientWidth - right, bottom: innerHeight - bottom };
  };

  it("is so far from the side and from below", async () => {
    const found = await makeTold({ position: { alignment: "Auto", sideSpace: 31, bottomSpace: 12 } });
    const { right, bottom } = inset(found);
    equal([right, bottom], [31, 12]);
  });

  it("is left as one sees it, in a page that is read from the right, too", async () => {
    for (const dir of ["ltr", "rtl"]) {
      const found = await makeTold({ position: { alignment: "Left", sideSpace: 8 } }, { ...WAITING, dir });
      equal(inset(found).left, 8);
      found.chat.remove();
    }
  });

  it("has the panel there, too, and room for it however far from the side", async () => {
    const found = await makeTold({ position: { alignment: "Left", sideSpace: 120, bottomSpace: 64 } });
    await found.chat.openChat();
    await found.settle();
    const panel = found.root.querySelector(".panel") as HTMLElement;
    // It grows from the launcher.
    for (const animation of panel.getAnimations()) animation.finish();
    const { left, right, bottom, top } = panel.getBoundingClientRect();
    equal(left, inset(found).left);
    equal(innerHeight - bottom, 64 + 76);
    ok(right <= innerWidth && top >= 0, "all of it is in the window");
  });

  it("gives way to the page's position and --chat-inset", async () => {
    const position = { alignment: "Left", sideSpace: 8, bottomSpace: 8 };
    const found = await makeTold({ position }, { ...WAITING, position: "end" });
    equal(inset(found).right, 20);
    found.chat.remove();
    document.documentElement.style.setProperty("--chat-inset", "40px");
    const other = await makeTold({ position });
    const { left, bottom } = inset(other);
    equal([left, bottom], [40, 40]);
  });
});

describe("the deployment's labels", () => {
  const labels = {
    "en-us": {
      MessengerHomeHeaderTitle: "Fernweh",
      MessengerHomeHeaderSubTitle: "<b>Where</b> to?",
      MessengerLauncherButtonText: "Ask us",
    },
    "de-de": { MessengerHomeHeaderTitle: "Fernweh auf Deutsch" },
  };

  it("are the header's title, the greeting and the launcher's name, as text; the dialog keeps its name", async () => {
    const found = await makeTold({ labels });
    await found.press("Ask us");
    equal(title(found), "Fernweh");
    equal(found.text(".empty b"), "<b>Where</b> to?");
    equal(found.root.querySelector("[role=dialog]")?.getAttribute("aria-label"), "Chat");
  });

  for (const [lang, expected, why] of [
    ["en-US", "Fernweh", "to the letter"],
    ["en-GB", "Fernweh", "the same language elsewhere"],
    ["de", "Fernweh auf Deutsch", "the same language anywhere"],
    ["fr", "Fernweh auf Deutsch", "the deployment's own language, since it does not speak that"],
    ["es-MX", "Chat", "it speaks that, and has no labels for it"],
  ] as const)
    it(`in a page in ${lang}: ${expected}, ${why}`, async () => {
      const languages = ["en-us", "de-de", "es"];
      const found = await makeTold({ labels, languages }, { ...WAITING, lang, open: "" });
      equal(title(found), expected);
    });

  it("give way to the page's texts", async () => {
    const found = await makeTold({ labels });
    found.chat.texts = { chat: "Our chat", openChat: "Talk" };
    await found.settle();
    await found.press("Talk");
    equal(title(found), "Our chat");
    equal(found.text(".empty b"), "<b>Where</b> to?");
  });
});

describe("what is kept of a look", () => {
  const kept = () => JSON.parse(localStorage[KEY]);
  const keep = (look: object, until = Date.now() + 1000) => {
    localStorage[KEY] = JSON.stringify({ active: true, launcher: "On", ...look, until });
  };

  it("is what is obeyed and nothing else, for a day", async () => {
    await makeTold({ colour: "#14594A", labels: { "en-us": { MessengerHomeHeaderTitle: "Fernweh", Other: "x" } } });
    const { until: end, ...look } = kept();
    ok(Math.abs(end - Date.now() - DAY) < 60_000, "a day");
    equal(look, {
      active: true,
      headless: false,
      launcher: "On",
      colour: "#14594A",
      languages: [],
      language: "de-de",
      labels: { "en-us": { MessengerHomeHeaderTitle: "Fernweh" } },
    });
    equal(Object.keys(localStorage), [KEY]);
  });

  it("shows before anything is heard of the platform", async () => {
    keep({ colour: "#14594A" });
    answer = () => new Promise(() => {});
    const found = await makeChat({ ...WAITING, theme: "light" });
    await until(() => hasLauncher(found), "the launcher shows");
    equal(launcherStyle(found).backgroundColor, "rgb(20, 89, 74)");
  });

  it("is what a panel that is open from the start shows in at once, and in no other look before", async () => {
    keep({ alignment: "Left", side: 8, labels: { en: { MessengerHomeHeaderTitle: "Fernweh" } } });
    answer = () => new Promise(() => {});
    const found = await makeChat({ ...WAITING, open: "" });
    equal(title(found), "Fernweh");
    equal(found.root.querySelector(".root")?.getAttribute("data-position"), "start");
    equal(hasLauncher(found), true);
  });

  it("holds where the configuration cannot be had, and gives way to a new one", async () => {
    keep({ colour: "#14594A" });
    answer = () => new Response(null, { status: 503 });
    const found = await makeChat({ ...PAGE, theme: "light" });
    await intend(found);
    await found.settle();
    equal(launcherStyle(found).backgroundColor, "rgb(20, 89, 74)");
    found.chat.remove();
    says({ colour: "#113355" });
    const next = await makeChat({ ...PAGE, theme: "light" });
    await until(() => launcherStyle(next).backgroundColor === "rgb(20, 89, 74)", "the kept colour");
    await intend(next);
    await until(() => launcherStyle(next).backgroundColor === "rgb(17, 51, 85)", "the new colour");
    equal(kept().colour, "#113355");
  });

  it("is nothing after a day, and is taken away", async () => {
    answer = () => new Promise(() => {});
    for (const end of [Date.now() - 1, Date.now() + 2 * DAY]) {
      keep({}, end);
      const found = await makeChat(WAITING);
      await until(() => !localStorage[KEY], "it is taken away");
      await found.settle();
      equal(hasLauncher(found), false);
      found.chat.remove();
    }
  });

  it("is no more than a look, whatever somebody has put there", async () => {
    answer = () => new Promise(() => {});
    keep({
      colour: "url(//elsewhere.example/x)",
      side: "9px;color:red",
      labels: { en: { MessengerHomeHeaderTitle: [1] } },
    });
    const found = await makeChat({ ...WAITING, open: "" });
    await until(() => hasLauncher(found), "what is right in it is obeyed");
    equal(title(found), "Chat");
    equal(found.chat.style.cssText.includes("elsewhere"), false);
    for (const broken of ["{", "null", "[]", '{"until":"soon"}']) {
      localStorage[KEY] = broken;
      const before = asked.length;
      const other = await makeChat(WAITING);
      await until(() => asked.length > before, "it asks");
      equal(hasLauncher(other), false);
    }
  });

  it("is nothing with storage=memory", async () => {
    const found = await makeTold({ colour: "#14594A" }, { ...WAITING, storage: "memory", theme: "light" });
    equal(launcherStyle(found).backgroundColor, "rgb(20, 89, 74)");
    equal({ ...localStorage }, {});
  });

  it("is nothing before consent, of which the launcher shows; with it the deployment is asked, and taken back nothing is left", async () => {
    const found = await makeChat({ ...WAITING, consent: "required" });
    await until(() => hasLauncher(found), "the launcher shows");
    found.chat.dispatchEvent(new PointerEvent("pointerover"));
    await found.settle();
    equal(asked, []);
    equal({ ...localStorage, ...sessionStorage }, {});
    await found.chat.grantConsent();
    await until(() => localStorage[KEY], "it is asked for and kept");
    await found.chat.revokeConsent();
    equal({ ...localStorage, ...sessionStorage }, {});
  });

  it("is not asked for by an element that has gone, nor where the page has a broker", async () => {
    const gone = await makeChat(WAITING);
    gone.chat.remove();
    const found = await makeChat({ ...WAITING, broker: "/broker" });
    found.chat.dispatchEvent(new PointerEvent("pointerover"));
    await until(() => hasLauncher(found), "the launcher shows");
    // Who comes later and may ask has asked by then, and is the only one.
    await makeChat(WAITING);
    await until(() => asked.length > 0, "it asks");
    await found.settle();
    equal(asked.length, 1);
  });
});
