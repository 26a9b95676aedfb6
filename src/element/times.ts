/** Times as the guest's language writes them; formatters are kept, they are dear to make. */

export interface Times {
  /** BCP 47. */
  language: string | undefined;
  /** 14:32 */
  time(at: number): string;
  /** Today, Yesterday, or the date. */
  day(at: number): string;
}

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

function createTimes(language: string | undefined): Times {
  const time = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  const date = new Intl.DateTimeFormat(language, { dateStyle: "long" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return {
    language,
    time: (at) => time.format(at),
    day(at) {
      const days = Math.round((midnight(at) - midnight(Date.now())) / 864e5);
      return days < -1 ? date.format(at) : relative.format(Math.min(days, 0), "day");
    },
  };
}

const made = new Map<string, Times>();

/** A language that is none gives the browser's. */
export function timesOf(language: string): Times {
  let times = made.get(language);
  if (!times) {
    try {
      times = createTimes(language);
    } catch {
      times = createTimes(undefined);
    }
    made.set(language, times);
  }
  return times;
}

/** The language in which an element stands, through shadow roots; else the browser's. BCP 47. */
export function languageOf(element: Element): string {
  const near = element.closest<HTMLElement>("[lang]");
  const root = element.getRootNode();
  return near?.lang || (root instanceof ShadowRoot ? languageOf(root.host) : navigator.language);
}
