/** The focus stays inside of a panel that fills the screen. */

const FOCUSABLE =
  "button:not(:disabled), a[href], textarea, input:not(:disabled), select:not(:disabled), [tabindex='0']";

/** For Tab: from the last to the first and back. */
export function keepInside(event: KeyboardEvent): void {
  const panel = event.currentTarget as HTMLElement;
  if (panel.clientWidth < innerWidth) return;
  const all = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((each) => each.checkVisibility());
  if (event.shiftKey) all.reverse();
  if (event.target !== all.at(-1)) return;
  event.preventDefault();
  all[0]?.focus();
}
