/** The style sheet of pickers and forms. */

export const pickerStyles = /* css */ `
.picker{display:flex;flex-direction:column;gap:8px;width:100%;min-width:0;padding:14px;overflow:hidden;border:1px solid var(--line);border-radius:16px;background:var(--surface)}
.picture.wide{aspect-ratio:2;margin:-14px -14px 4px}
.picture.small{flex:none;width:40px;height:40px;border-radius:8px}
.title{display:block;overflow-wrap:anywhere}
.title:focus{outline:0}
.picker small{display:inline}
.hint{color:var(--muted);font-size:13.5px;font-weight:400;overflow-wrap:anywhere}
.title+.hint{margin-block-start:-6px}
fieldset+fieldset{margin-block-start:6px}
fieldset{display:flex;flex-direction:column;gap:6px;min-width:0;margin:0;padding:0;border:0}
legend{padding:0 0 6px;font-size:13.5px;font-weight:600}
.item{display:flex;align-items:center;gap:10px;min-height:44px;padding:6px 12px;border:1.5px solid var(--line);border-radius:12px;cursor:pointer;overflow-wrap:anywhere}
.item>span:last-child{min-width:0}
.picker .item small{display:block;line-height:1.35}
.item.chosen{border-color:var(--accent-text);background:var(--hover)}
.item:focus-within{outline:2px solid var(--accent-text);outline-offset:2px}
.item:not(:has(:focus-visible)){outline:0}
.item input{flex:none;width:18px;height:18px;margin:0;accent-color:var(--accent);outline:0}
:disabled .item{cursor:default}
:disabled .item:not(.chosen){color:var(--muted)}
.times{display:grid;grid-template-columns:repeat(auto-fill,minmax(84px,1fr));gap:6px}
.time{min-height:38px;padding:6px;border:1.5px solid var(--line);border-radius:12px;font-size:14px;font-variant-numeric:tabular-nums;color:var(--accent-text)}
.time.chosen{border-color:var(--accent-text);background:var(--hover);font-weight:600}
.picker .quiet{align-self:start;padding-inline:0}
.field{width:100%;min-height:42px;max-height:none;padding:8px 12px;border:1.5px solid var(--edge);border-radius:12px;background:var(--surface);color:inherit;font:inherit;font-size:16px;line-height:22px}
textarea.field{resize:vertical;max-height:200px}
.field:focus{outline:2px solid var(--accent-text)!important;outline-offset:1px}
.field[aria-invalid=true]{border-color:var(--danger)}
.asked{display:flex;flex-direction:column;gap:5px;min-width:0}
.asked+.asked{margin-block-start:6px}
.asked label:not(.item),.label{font-size:14px;font-weight:600;overflow-wrap:anywhere}
.wrong{margin:0;color:var(--danger);font-size:13.5px}
.wrong:empty{display:none}
.main{min-height:42px;padding:8px 18px;border-radius:21px;background:var(--accent);color:var(--on-accent);font-weight:600}
.ways{display:flex;align-items:center;justify-content:space-between;gap:8px;margin-block-start:6px}
.ways .main{margin-inline-start:auto;min-width:110px}
.ways .quiet{align-self:center;padding-inline:4px}
.progress{display:flex;flex-direction:column;gap:4px}
progress{appearance:none;width:100%;height:4px;border:0;border-radius:2px;overflow:hidden;background:var(--line)}
::-webkit-progress-bar{background:var(--line)}
::-webkit-progress-value{background:var(--accent);border-radius:2px;transition:inline-size .18s ease-out}
::-moz-progress-bar{background:var(--accent);border-radius:2px}
dl{display:grid;gap:2px;margin:0;font-size:14px;overflow-wrap:anywhere}
dt{color:var(--muted);font-size:13px}
dd{margin:0 0 8px;white-space:pre-wrap}
.done{color:var(--muted);font-size:13.5px}
.done::before{content:"";display:inline-block;width:11px;height:6px;margin-inline-end:8px;border:solid var(--ok);border-width:0 0 2px 2px;rotate:-45deg;translate:0 -4px}
@media (hover:hover){.item:not(.chosen):hover,.time:enabled:hover{background:var(--hover)}}
@media (prefers-reduced-motion:reduce){::-webkit-progress-value{transition:none}}
@media (forced-colors:active){.main,.item,.time,.field{border:1px solid}.chosen{outline:2px solid}progress{border:1px solid;forced-color-adjust:none;border-color:CanvasText;background:Canvas}::-webkit-progress-bar{background:Canvas}::-webkit-progress-value{background:Highlight}::-moz-progress-bar{background:Highlight}}
`;
