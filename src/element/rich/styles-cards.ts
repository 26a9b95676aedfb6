/** The style sheet of cards and carousels. */

export const cardStyles = /* css */ `
.card{display:flex;flex-direction:column;width:236px;max-width:100%;overflow:hidden;border:1px solid var(--line);border-radius:16px;background:var(--surface)}
.picture.wide{flex:none;aspect-ratio:2}
.picture.thumb{width:24px;height:24px;margin-inline:-6px 8px;border-radius:50%}
.quick button:has(.thumb){display:flex;align-items:center}
.said{flex:1;padding:12px 14px;overflow-wrap:anywhere}
.said a{color:inherit;text-decoration:none}
.said a:hover{text-decoration:underline}
.said b{display:block}
.said p{margin:2px 0 0;color:var(--muted);font-size:13.5px;white-space:pre-wrap}
.act{display:block;width:100%;min-height:42px;padding:10px 14px;border-block-start:1px solid var(--line);color:var(--accent-text);font-size:14px;font-weight:600;line-height:20px;text-align:center;text-decoration:none;overflow-wrap:anywhere;outline-offset:-3px}
.act:disabled{color:var(--muted);font-weight:400}
.act.chosen{color:var(--accent-text);background:var(--hover);font-weight:600}
.act.chosen::before{content:"";display:inline-block;width:11px;height:6px;margin-inline-end:8px;border:solid;border-width:0 0 2px 2px;rotate:-45deg;translate:0 -4px}
@media (hover:hover){a.act:hover,.act:enabled:hover{background:var(--hover)}}
.row .carousel{width:100%;max-width:none;min-width:0}
.strip{display:flex;gap:8px;margin-inline-end:-16px;padding-inline-end:16px;padding-block:1px;overflow:auto hidden;overscroll-behavior-inline:contain;scroll-snap-type:inline mandatory;scrollbar-width:none;outline-offset:-2px}
.strip .card{flex:none;max-width:calc(100% - 16px);scroll-snap-align:start}
.steps{display:flex;align-items:center;gap:4px;margin-block-start:2px;color:var(--muted);font-size:12.5px;font-variant-numeric:tabular-nums}
.steps .icon{color:var(--accent-text)}
.steps .icon:disabled{color:var(--muted);opacity:.5}
.steps svg{width:20px;rotate:-90deg}
.steps .back svg,.steps :dir(rtl)>svg{rotate:90deg}
.steps .back:dir(rtl)>svg{rotate:-90deg}
@media (forced-colors:active){.act.chosen::before{forced-color-adjust:none}}
`;
