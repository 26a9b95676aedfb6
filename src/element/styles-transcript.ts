/** The style sheet of the transcript: groups of bubbles, days, what happened. */
import { css } from "lit";

export const transcriptStyles = css`
.talk{position:relative;flex:1;min-height:0;display:flex}
.log{
  flex:1;min-width:0;padding:16px 16px 8px;overflow:hidden auto;overscroll-behavior:contain;overflow-anchor:none;scrollbar-width:thin;scrollbar-color:var(--line) transparent;
  display:flex;flex-direction:column;gap:2px;outline-offset:-3px;
}
.log>*{flex:none}
.day,.sys,.who,.state{font-size:12.5px;color:var(--muted)}
.day,.sys,.empty{align-self:center;text-align:center;text-wrap:balance}
.day{margin:6px 0 12px}
.day::first-letter{text-transform:uppercase}
.sys{margin:10px 0}
.who{margin:2px 0 4px;margin-inline-start:36px}
.row{display:flex;gap:8px;align-items:end;max-width:88%;transition:opacity .14s ease-out,translate .14s ease-out}
@starting-style{.row{opacity:0;translate:0 6px}}
.last{margin-block-end:10px}
.row>i{width:28px;flex:none}
.bubble{min-width:0;padding:9px 13px;border-radius:18px;background:var(--raised);overflow-wrap:anywhere;white-space:pre-wrap;text-wrap:pretty}
.last .bubble{border-end-start-radius:6px}
.me{align-self:end}
.me .bubble{background:var(--accent);color:var(--on-accent)}
.me.last .bubble{border-radius:18px;border-end-end-radius:6px}
.state{align-self:end;display:flex;flex-wrap:wrap;justify-content:end;column-gap:8px;margin:-6px 2px 10px;text-align:end}
.late{animation:late 0s 1s both}
@keyframes late{from{visibility:hidden}}
.notice button{padding:4px 2px;margin-block:-4px;font-weight:600;text-decoration:underline;text-underline-offset:2px}
.quiet{min-height:36px;padding:6px 14px;border-radius:18px;font-size:14px;color:var(--accent-text)}
.empty button{border:1.5px solid}
.quiet{align-self:center}
.empty{flex:1;padding:24px;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:6px;color:var(--muted)}
.empty b{color:var(--text);font-size:17px}
.empty svg{width:40px;color:var(--accent-text)}
`;
