/**
 * What a chat shows once it goes on: who is writing, what has failed, that something is new below, that it is over. A chunk of its own,
 * fetched as soon as all is well, so that it is there by the time of trouble.
 */
import type { Kit } from "../kit.ts";
import { createBelow } from "./below.ts";
import { createBlocked } from "./blocked.ts";
import { createFailure } from "./failure.ts";
import { keepInside } from "./keep-inside.ts";
import { createOver } from "./over.ts";
import { createQuickReplies } from "./quick-replies.ts";
import { createTyping } from "./typing.ts";

export const styles = /* css */ `
.bad{color:var(--danger)}
.state button{padding:4px 2px;margin-block:-4px;font-weight:600;text-decoration:underline;text-underline-offset:2px}
.new-conversation{align-self:stretch;display:flex;align-items:center;gap:12px}
.new-conversation::before,.new-conversation::after{content:"";flex:1;height:1px;background:var(--line)}
.quick{display:flex;flex-wrap:wrap;gap:8px;margin-inline-start:36px;margin-block-end:12px}
.quick button{min-height:36px;padding:6px 14px;border:1.5px solid;border-radius:18px;color:var(--accent-text);font-size:14px}
.quick :disabled{border-color:var(--line);color:var(--muted)}
.quick .chosen{border-color:var(--accent-text);color:var(--accent-text);background:var(--hover)}
@media (hover:hover){.quick :enabled:hover{background:var(--hover)}}
.dots{display:flex;gap:4px;padding:15px 14px}
.dots i{width:7px;height:7px;border-radius:50%;background:var(--muted);animation:dot 1.4s ease-in-out infinite}
.dots :nth-child(1){opacity:.4}
.dots :nth-child(2){opacity:.7;animation-delay:.16s}
.dots :nth-child(3){animation-delay:.32s}
@keyframes dot{0%,60%,to{translate:0}30%{translate:0 -3px}}
.below{min-height:36px;padding:6px 14px;border-radius:18px;color:var(--accent-text);font-size:14px;position:absolute;bottom:10px;left:50%;translate:-50%;display:flex;align-items:center;gap:6px;background:var(--surface);box-shadow:var(--shadow),0 0 0 1px var(--line);white-space:nowrap}
.below svg{width:16px}
.over{display:flex;flex-direction:column;gap:10px;padding:12px 4px 4px;border-block-start:1px solid var(--line);color:var(--muted);font-size:13.5px;text-align:center}
.over button{height:44px;border-radius:22px;background:var(--accent);color:var(--on-accent);font-size:15px;font-weight:600}
@media (prefers-reduced-motion:reduce){.dots i{animation:none}}
@media (forced-colors:active){.below,.over button{border:1px solid}}
`;

export const create = (kit: Kit) => ({
  below: createBelow(kit),
  blocked: createBlocked(kit),
  failure: createFailure(kit),
  over: createOver(kit),
  quickReplies: createQuickReplies(kit),
  typing: createTyping(kit),
  keepInside,
});
