/** The element in another document than the one it was made in: what it shows is there, but browsers take its sheets away. */
import type { LitElement } from "lit";

/** Gives it sheets of that document, which takes no others. */
export function restyle(element: LitElement): void {
  const { defaultView } = element.ownerDocument;
  if (!defaultView || !element.shadowRoot) return;
  const { elementStyles } = element.constructor as typeof LitElement;
  element.shadowRoot.adoptedStyleSheets = elementStyles.map((style) => {
    const sheet = new defaultView.CSSStyleSheet();
    // Bundled they are sheets themselves.
    const { cssRules } = "cssRules" in style ? style : (style.styleSheet as CSSStyleSheet);
    sheet.replaceSync(Array.from(cssRules, ({ cssText }) => cssText).join(""));
    return sheet;
  });
}
