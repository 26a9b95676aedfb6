/** Election by Web Lock: of all that stand under one name, one leads; when it goes, however it goes, the next. */

export interface Candidate {
  /** It leads from now on, until it is deposed or resigns. Returns the way to step down. */
  lead(resign: () => void): () => void;
  /** It can never lead here. */
  onBarred(cause: Error): void;
}

/** Stands until `signal` is aborted. Gives the way to depose a leader that does not answer: then this one leads. */
export function stand(name: string, { lead, onBarred }: Candidate, signal: AbortSignal): () => void {
  let stepDown = () => {};
  let waiting = new AbortController();

  function request(steal: boolean): void {
    waiting.abort();
    const own = new AbortController();
    waiting = own;
    let leads = false;
    const hold = () =>
      new Promise<void>((release) => {
        if (signal.aborted || waiting !== own) return release();
        leads = true;
        const resign = () => {
          if (waiting !== own) return;
          stepDown();
          request(false);
        };
        const leave = lead(resign);
        stepDown = () => {
          stepDown = () => {};
          leave();
          release();
        };
      });
    const how: LockOptions = steal ? { steal } : { signal: own.signal };
    navigator.locks.request(name, how, hold).catch((cause) => {
      if (signal.aborted || own.signal.aborted) return;
      if (!leads) return onBarred(cause);
      // Stolen: this page was frozen, or stuck, and another leads. It goes to the end of the line.
      stepDown();
      request(false);
    });
  }

  signal.addEventListener("abort", () => {
    waiting.abort();
    stepDown();
  });
  request(false);
  return () => request(true);
}
