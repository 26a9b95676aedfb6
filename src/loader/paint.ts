/** The launcher as the element shows it, painted before the element is there: the same to the pixel, and a test compares. */

/** The launcher's look, for the root it stands in. */
export const sheet = new CSSStyleSheet();
// Of the element's tokens those that the launcher needs. The sheet stays, so it speaks of the host's own child alone.
// The order is the one that packs best.
const css = ([text]: TemplateStringsArray) => sheet.replaceSync(text as string);
css`
:host([theme=light])>button{color-scheme:light}
:host([theme=dark])>button{color-scheme:dark}
:host([launcher=off])>button{display:none}
:host([position=start])>button{inset-inline:var(--inset) auto}
:host>button{
  all:initial;
  background:var(--accent);
  color-scheme:light dark;
  inset-inline:auto var(--inset);
  --accent:var(--chat-accent,light-dark(oklch(52% .19 262),oklch(72% .14 262)));
  stroke-linecap:round;
  border:1px solid #0000;
  border-radius:50%;
  box-shadow:0 1px 2px #0000000f,0 12px 40px -8px #10184047;
  stroke-linejoin:round;
  position:fixed;
  z-index:var(--chat-z,2147483000);
  padding:15px;
  bottom:max(var(--inset),env(safe-area-inset-bottom));
  stroke-width:2;
  color:var(--chat-on-accent,oklch(from var(--accent) clamp(.18,(.6 - l)*1000,1) min(c,.03) h));
  --inset:var(--chat-inset,20px);
  stroke:currentColor;
  cursor:pointer;
  fill:none;
}
:host>:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
:host>[aria-busy]{opacity:.8}
:host>button>svg{display:block;width:28px}
:host{position:absolute}
`;
const SVG = "http://www.w3.org/2000/svg";
const ICON =
  "M12 4c5 0 8.5 3 8.5 7.3s-3.5 7.4-8.5 7.4q-1.5 0-2.8-.4L4.6 20l.9-3.6c-1.3-1.3-2-3-2-5.1C3.5 7 7 4 12 4M8.5 11.5h0m3.5 0h0m3.5 0h0";

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
