/** Icons: strokes in the colour of the text around them. Their sizes are the style sheet's. */
import { html } from "lit";

export const chatIcon = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="M12 4c5 0 8.5 3 8.5 7.3s-3.5 7.4-8.5 7.4q-1.5 0-2.8-.4L4.6 20l.9-3.6c-1.3-1.3-2-3-2-5.1C3.5 7 7 4 12 4M8.5 11.5h0m3.5 0h0m3.5 0h0"/></svg>`;
export const downIcon = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="m6 9.5 6 6 6-6"/></svg>`;
export const sendIcon = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="M12 19V5m-6.5 6.5L12 5l6.5 6.5"/></svg>`;
