/** The style sheet of what stands below the transcript: notices, the box to write in. */
import { css } from "lit";

export const composerStyles = css`
.foot{padding:0 12px 12px}
.notice{display:flex;align-items:center;justify-content:space-between;gap:12px;margin-block-end:8px;padding:8px 12px;border-radius:12px;background:var(--warn-bg);color:var(--warn);font-size:13.5px}
.notice.bad{background:color-mix(in oklch,var(--danger) 10%,var(--surface));color:var(--danger)}
.notice.calm{justify-content:center;padding:0;background:none;color:var(--muted)}
.notice button{flex:none}
form{display:flex;align-items:end;gap:2px;padding:4px;border:1.5px solid var(--edge);border-radius:24px}
form:focus-within{border-color:var(--accent-text);box-shadow:0 0 0 3px var(--hover)}
.grow{flex:1;min-width:0;display:grid}
.grow::after,textarea{grid-area:1/1;max-height:140px;padding:7px 6px;padding-inline-start:12px;font:inherit;font-size:16px;line-height:22px;overflow-wrap:anywhere;white-space:pre-wrap}
.grow::after{content:attr(data-draft) " ";visibility:hidden;overflow:hidden}
textarea{margin:0;border:0;outline:0!important;resize:none;background:none;color:inherit;min-width:0;overflow:hidden auto;overscroll-behavior:contain;scrollbar-width:thin}
::placeholder{color:var(--muted);opacity:1}
.send{flex:none;width:36px;height:36px;border-radius:50%;background:var(--accent);color:var(--on-accent)}
.send:disabled{background:var(--raised);color:var(--muted)}
`;
