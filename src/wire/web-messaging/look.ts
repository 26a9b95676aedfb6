/** What a deployment's config.json says of how the chat looks: the tolerant reading of it, all of it checked and bounded. */
import { isOneOf, isPlain, isText } from "../../shape.ts";

/** Plain data: as JSON it is kept, and read back by `toLook`. */
export interface Look {
  /** `Active` and the conversations app is on: somebody would answer. */
  active: boolean;
  /** The site shows the chat by calls of its own: no launcher. */
  headless: boolean;
  launcher?: "On" | "Off" | "OnDemand";
  /** #rrggbb. */
  colour?: string;
  alignment?: "Auto" | "Left" | "Right";
  /** From the window's edges, in CSS px. */
  side?: number;
  bottom?: number;
  /** BCP 47 in lower case, as all languages here: those that the deployment speaks. */
  languages: string[];
  /** What it speaks to a guest of any other language. */
  language?: string;
  /** By language, then by Genesys' key. */
  labels: Record<string, Record<string, string>>;
}

type Part = Record<string, unknown>;

/** Beyond it, it would be no corner any more. */
const MOST_SPACE = 120;
/** Of one label, in UTF-16 units; Genesys' own form takes less. */
const MOST_LABEL = 200;
/** Genesys has about fifty languages. */
const MOST_LANGUAGES = 100;
/** What we have a text for. */
const KEYS = ["MessengerHomeHeaderTitle", "MessengerHomeHeaderSubTitle", "MessengerLauncherButtonText"];
const LANGUAGE = /^[a-z]{2,3}(-[a-z\d]{2,8})*$/;

const part = (value: unknown): Part => (isPlain(value) ? value : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
/** One, or none. */
const toLanguages = (value: unknown): string[] => {
  const language = isText(value) ? value.toLowerCase() : "";
  return LANGUAGE.test(language) ? [language] : [];
};

/** Null where the file is none. */
export function readLook(json: unknown): Look | null {
  const file = part(json);
  if (!isText(file.status) || !isPlain(file.messenger)) return null;
  const { messenger, position, languages, defaultLanguage: language } = file;
  const conversations = part(part(messenger.apps).conversations);
  const { alignment, sideSpace: side, bottomSpace: bottom } = part(position);
  const labels = list(file.customI18nLabels)
    .map(part)
    .map((each) => [
      each.language,
      Object.fromEntries(
        list(each.localizedLabels)
          .map(part)
          .map(({ key, value }) => [key, value]),
      ),
    ]);
  return toLook({
    active: file.status === "Active" && messenger.enabled !== false && conversations.enabled !== false,
    headless: part(file.headlessMode).enabled,
    launcher: part(messenger.launcherButton).visibility,
    colour: part(messenger.styles).primaryColor,
    alignment,
    side,
    bottom,
    languages,
    language,
    labels: Object.fromEntries(labels),
  });
}

/** Takes of anything what a look may be. */
export function toLook(value: unknown): Look {
  const { active, headless, launcher, colour, alignment, side, bottom, languages, language, labels } = part(value);
  return {
    active: active === true,
    headless: headless === true,
    launcher: isOneOf("On", "Off", "OnDemand")(launcher) ? (launcher as Look["launcher"]) : undefined,
    colour: isText(colour) && /^#[\da-f]{6}$/i.test(colour) ? colour : undefined,
    alignment: isOneOf("Auto", "Left", "Right")(alignment) ? (alignment as Look["alignment"]) : undefined,
    side: toSpace(side),
    bottom: toSpace(bottom),
    languages: list(languages).slice(0, MOST_LANGUAGES).flatMap(toLanguages),
    language: toLanguages(language)[0],
    labels: toLabels(part(labels)),
  };
}

const toSpace = (value: unknown): number | undefined =>
  Number.isFinite(value) ? Math.min(Math.max(Math.round(value as number), 0), MOST_SPACE) : undefined;

const toLabels = (given: Part): Look["labels"] =>
  Object.fromEntries(
    Object.entries(given)
      .slice(0, MOST_LANGUAGES)
      .flatMap(([name, labels]) => toLanguages(name).map((language) => [language, toTexts(part(labels))])),
  );

const toTexts = (labels: Part): Record<string, string> =>
  Object.fromEntries(
    KEYS.flatMap((key) => {
      const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
      const text = isText(label) ? label.trim().slice(0, MOST_LABEL) : "";
      return text ? [[key, text]] : [];
    }),
  );
