/** A script for the page under test, before the tag: lays the body out as a grid, and notes what a guest would see jump. */

/** `seen` has the layout shifts, `gaps` counts frames without a launcher in its place, once there was one. */
export const WATCH = `
  window.seen = []; window.gaps = 0;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("body{display:grid;gap:40px;align-content:space-between;min-height:100vh}");
  document.adoptedStyleSheets = [sheet];
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.push(entry.entryType); }).observe({ type: "layout-shift", buffered: true });
  const frame = () => {
    const root = document.querySelector("genesys-guest-chat")?.shadowRoot;
    const shown = root && [...root.querySelectorAll("[part=launcher]")].some((button) => { const { width, right } = button.getBoundingClientRect(); return width === 60 && right === document.documentElement.clientWidth - 20; });
    if (window.begun && !shown) gaps += 1;
    window.begun ||= shown;
    requestAnimationFrame(frame);
  };
  frame();`;
