/** The style sheets: tokens and frame here, the parts beside. Everything visible is a token; the page sets it by `--chat-*`. */
import { css } from "lit";
import { composerStyles } from "./styles-composer.ts";
import { transcriptStyles } from "./styles-transcript.ts";

const frameStyles = css`
:host{display:contents}
:host([hidden]){display:none}
.root{
  all:initial;
  position:absolute;
  color-scheme:light dark;
  --accent:var(--chat-accent,var(--chat-deployment-accent,light-dark(oklch(52% .19 262),oklch(72% .14 262))));
  --on-accent:var(--chat-on-accent,oklch(from var(--accent) clamp(.18,(.6 - l)*1000,1) min(c,.03) h));
  --accent-text:light-dark(oklch(from var(--accent) min(l,.52) c h),oklch(from var(--accent) max(l,.72) c h));
  --surface:var(--chat-surface,light-dark(#fff,oklch(21% .012 262)));
  --text:var(--chat-text,light-dark(oklch(25% .02 262),oklch(95% .006 262)));
  --raised:var(--chat-raised,color-mix(in oklch,var(--text) 5%,var(--surface)));
  --line:var(--chat-line,color-mix(in oklch,var(--text) 12%,var(--surface)));
  --edge:color-mix(in oklch,var(--text) 45%,var(--surface));
  --muted:var(--chat-muted,color-mix(in oklch,var(--text) 68%,var(--surface)));
  --danger:var(--chat-danger,light-dark(oklch(52% .19 25),oklch(72% .14 25)));
  --ok:light-dark(oklch(58% .14 155),oklch(78% .14 155));
  --warn:light-dark(oklch(42% .09 70),oklch(88% .08 85));
  --warn-bg:light-dark(oklch(96% .04 85),oklch(32% .05 85));
  --hover:color-mix(in oklch,var(--accent) 10%,transparent);
  --inset:var(--chat-inset,20px);
  --r:var(--chat-radius,20px);
  --shadow:0 1px 2px rgb(0 0 0/.06),0 12px 40px -8px rgb(16 24 64/.28);
  font:var(--chat-font,15px/1.45 system-ui,sans-serif);
  color:var(--text);
  -webkit-text-size-adjust:100%;
}
[data-theme=light]{color-scheme:light}
[data-theme=dark]{color-scheme:dark}
*,::after{box-sizing:border-box}
svg{display:block;flex:none;width:22px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
b{font-weight:650;letter-spacing:-.01em}
button{padding:0;border:0;background:none;font:inherit;color:inherit;cursor:pointer;touch-action:manipulation}
button:disabled{cursor:default}
:focus-visible{outline:2px solid var(--accent-text);outline-offset:2px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.launcher,.badge,.icon,.standing,.face,.send{display:grid;place-items:center}
.launcher,.panel{position:fixed;z-index:var(--chat-z,2147483000);inset-block-end:max(var(--inset),env(safe-area-inset-bottom));inset-inline-end:var(--inset);box-shadow:var(--shadow)}
[data-position=start]>*{inset-inline:var(--inset) auto}
.launcher{width:60px;height:60px;border-radius:50%;background:var(--accent);color:var(--on-accent)}
.launcher svg{width:28px}
.badge{
  position:absolute;top:-2px;inset-inline-end:-2px;
  min-width:22px;height:22px;padding:0 6px;border-radius:11px;
  background:var(--danger);color:light-dark(#fff,oklch(18% .04 25));box-shadow:0 0 0 2px var(--surface);
  font-size:12px;font-weight:650;
}
.panel{
  margin-block-end:76px;
  width:min(var(--chat-width,400px),100vw - 2*var(--inset));height:min(var(--chat-height,700px),100dvh - var(--inset) - 96px);
  display:flex;flex-direction:column;overflow:hidden;
  background:var(--surface);border-radius:var(--r);box-shadow:var(--shadow),0 0 0 1px var(--line);
  transform-origin:100% 100%;
  transition:opacity .18s ease-out,transform .18s ease-out,display .18s allow-discrete;
}
[data-position=start] .panel,.panel:dir(rtl){transform-origin:0 100%}
.panel[hidden]{display:none;opacity:0;transform:scale(.92);pointer-events:none}
@starting-style{.panel{opacity:0;transform:scale(.92)}}
.head{display:flex;align-items:center;gap:12px;padding:14px 12px;padding-inline-start:18px;border-block-end:1px solid var(--line);line-height:19px}
.head div{flex:1;min-width:0}
.head b,small{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
small{font-size:12.5px;color:var(--muted)}
.icon{width:36px;height:36px;border-radius:10px;color:var(--muted)}
.standing,.face{position:relative}
.standing i{position:absolute;inset:auto 0 0 auto;width:10px;height:10px;border-radius:50%;background:var(--ok);box-shadow:0 0 0 2px var(--surface)}
.face{
  flex:none;width:28px;height:28px;border-radius:50%;overflow:hidden;text-transform:uppercase;
  background:linear-gradient(135deg,oklch(56% .17 262),oklch(54% .2 305));color:#fff;font-size:11px;font-weight:650;
}
.bot{background:linear-gradient(135deg,oklch(54% .11 195),oklch(50% .14 240))}
.standing .face{width:38px;height:38px;font-size:14px}
.row svg{width:15px}
.face img{position:absolute;width:100%;height:100%;object-fit:cover}
@media (hover:hover){.icon:hover,.quiet:hover{background:var(--hover)}}
@media (max-width:480px),(max-height:420px){
  [data-position] .panel,.panel{
    inset:0;margin:0;width:auto;height:100dvh;border-radius:0;
    padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  }
  .panel:not([hidden])~.launcher{display:none}
}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media (forced-colors:active){i{forced-color-adjust:none}.launcher,.panel,.bubble,.send,.notice,.face,.badge,form:focus-within{border:1px solid}}
`;

export const styles = [frameStyles, transcriptStyles, composerStyles];
