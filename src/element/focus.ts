/** Focus: where it goes when the panel opens and closes, and what a key does there. */

/** The element that has the focus, inside shadow roots too. */
function deepActive(): HTMLElement | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : null;
}

export interface Focus {
  /** The panel is open, or what had the focus in it is gone: to the text box, or to what stands in its place. */
  enter(): void;
  /** The panel is closed now: back to the launcher, or to where it was before. Not when it is elsewhere on the page. */
  leave(): void;
}

export function createFocus(root: ShadowRoot): Focus {
  let before: HTMLElement | null = null;
  /** What has the focus outside of the chat, if anything. */
  const elsewhere = () => {
    const active = deepActive();
    return active === document.body || active?.getRootNode() === root ? null : active;
  };
  return {
    enter() {
      before = elsewhere() ?? before;
      const target =
        root.querySelector<HTMLElement>("form textarea, .ask, .over button") ?? root.querySelector("button");
      target?.focus({ preventScroll: true });
    },
    leave() {
      if (elsewhere()) return;
      (root.querySelector<HTMLElement>(".launcher") ?? before)?.focus({ preventScroll: true });
      before = null;
    },
  };
}

/** Any key in the panel: Escape closes it, and the page hears of none, since its short cuts would take them. */
export function panelKey(event: KeyboardEvent, close: () => void, tab = (_: KeyboardEvent) => {}): void {
  event.stopPropagation();
  if (event.type !== "keydown" || event.isComposing) return;
  if (event.key === "Escape") close();
  if (event.key === "Tab") tab(event);
}
