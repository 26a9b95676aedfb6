/** The launcher as the element shows it, painted before the element is there: the same to the pixel, and a test compares. */

/** The launcher's look, for the root it stands in. */
export const sheet = new CSSStyleSheet();
// Of the element's tokens those that the launcher needs. The sheet stays, so it speaks of the host's own child alone.
// The order is the one that packs best.
sheet.replaceSync(/* css */ `
:host>button{
  all:initial;
  padding:15px;
  --accent:var(--chat-accent,light-dark(oklch(52% .19 262),oklch(72% .14 262)));
  stroke-linecap:round;
  --inset:var(--chat-inset,20px);
  border:1px solid #0000;
  background:var(--accent);
  border-radius:50%;
  cursor:pointer;
  position:fixed;
  inset-inline:auto var(--inset);
  box-shadow:0 1px 2px #0000000f,0 12px 40px -8px #10184047;
  z-index:var(--chat-z,2147483000);
  color:var(--chat-on-accent,oklch(from var(--accent) clamp(.18,(.6 - l)*1000,1) min(c,.03) h));
  stroke-linejoin:round;
  fill:none;
  bottom:max(var(--inset),env(safe-area-inset-bottom));
  stroke-width:2;
  stroke:currentColor;
  color-scheme:light dark;
}
:host>:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
:host>button>svg{display:block;width:28px}
:host([theme=light])>button{color-scheme:light}
:host([launcher]:not([launcher=on]))>button{display:none}
:host([theme=dark])>button{color-scheme:dark}
:host{position:absolute}
:host([position=start])>button{inset-inline:var(--inset) auto}
:host>[aria-busy]{opacity:.8}
`);
const SVG = "http://www.w3.org/2000/svg";
const ICON =
  "M12 4c5 0 8.5 3 8.5 7.5S17 19 12 19q-1.5 0-3-.5L4.5 20l1-3.5q-2-2-2-5C3.5 7 7 4 12 4M8.5 11.5h0m3.5 0h0m3.5 0h0";

const svg = document.createElementNS(SVG, "svg");
const path = document.createElementNS(SVG, "path");
svg.setAttribute("viewBox", "0 0 24 24");
path.setAttribute("d", ICON);
svg.append(path);

/** The launcher, for an otherwise empty shadow root with the sheet. Position, theme and whether it shows follow the host's attributes. */
export const button = document.createElement("button");
button.append(svg);
button.part = "launcher";
button.ariaLabel = "Open chat";
