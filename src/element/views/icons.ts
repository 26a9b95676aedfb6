/** Icons: strokes in the colour of the text around them. Their sizes are the style sheet's. */
import { html } from "lit";

export const chatIcon = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="M12 4c5 0 8.5 3 8.5 7.5S17 19 12 19q-1.5 0-3-.5L4.5 20l1-3.5q-2-2-2-5C3.5 7 7 4 12 4M8.5 11.5h0m3.5 0h0m3.5 0h0"/></svg>`;
export const downIcon = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="m6 9.5 6 6 6-6"/></svg>`;
export const sendIcon = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="M12 19V5m-6.5 6.5L12 5l6.5 6.5"/></svg>`;
