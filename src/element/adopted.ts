/** The element in another document than the one it was made in: what it shows is there, but browsers take its sheets away. */
import type { LitElement } from "lit";

/** Gives it sheets of that document, which takes no others. `styles` are those of its chunks. */
export function restyle(element: LitElement, styles: readonly string[]): void {
  const { defaultView } = element.ownerDocument;
  if (!defaultView || !element.shadowRoot) return;
  const { elementStyles } = element.constructor as typeof LitElement;
  const own = elementStyles.map((style) => {
    // Bundled they are sheets themselves.
    const { cssRules } = "cssRules" in style ? style : (style.styleSheet as CSSStyleSheet);
    return Array.from(cssRules, ({ cssText }) => cssText).join("");
  });
  element.shadowRoot.adoptedStyleSheets = [...own, ...styles].map((text) => {
    const sheet = new defaultView.CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
}
