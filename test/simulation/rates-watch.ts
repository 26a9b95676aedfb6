/** G6, as far as a platform tells nobody what it takes: so many texts a second, requests of a connection and pages a minute. */

export interface RatesWatch {
  /** A frame of that type goes up on a link. */
  sent(link: object, type: string): void;
  /** A page of history is asked for. */
  asked(): void;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Of one hub: the next one knows nothing of what it has sent. */
export function createRatesWatch(now: () => number, broken: (what: string) => void): RatesWatch {
  const texts: number[] = [];
  const pages: number[] = [];
  const signs: number[] = [];
  const requests = new WeakMap<object, number[]>();

  /** One more in the last `ms` than `most`. */
  function isOneTooMany(times: number[], most: number, ms: number): boolean {
    times.push(now());
    while ((times[0] as number) <= now() - ms) times.shift();
    return times.length > most;
  }

  return {
    sent(link, type) {
      if (type === "ping" && isOneTooMany(signs, 2, MINUTE_MS)) broken("G6: three signs of life asked for in a minute");
      if (type === "message" && isOneTooMany(texts, 2, SECOND_MS)) broken("G6: three texts in a second");
      const own = requests.get(link) ?? [];
      requests.set(link, own);
      if (isOneTooMany(own, 60, MINUTE_MS)) broken("G6: more than 60 requests of a connection in a minute");
    },
    asked() {
      if (isOneTooMany(pages, 10, MINUTE_MS)) broken("G6: more than ten pages of history in a minute");
    },
  };
}
