/** The style sheet of files on their way up. */

export const uploadStyles = /* css */ `
.clip{flex:none}
.clip~.grow{margin-inline-start:-8px}
.clip svg{width:21px}
.uploads{display:flex;flex-direction:column;gap:6px;max-height:min(216px,30dvh);margin:0 0 8px;padding:0;overflow:auto;list-style:none;scrollbar-width:thin}
.upload{display:flex;align-items:center;gap:10px;padding:8px 6px 8px 10px;border:1px solid var(--line);border-radius:14px}
.upload:dir(rtl){padding:8px 10px 8px 6px}
.upload .icon{flex:none;margin-inline-start:-8px}
.upload .icon svg{width:18px}
.kind{display:grid;place-items:center;flex:none;width:34px;height:40px;border-radius:8px;background:color-mix(in oklch,var(--accent) 14%,var(--surface));color:var(--accent-text);font-size:10px;font-weight:700}
.about{flex:1;min-width:0;line-height:1.35}
.about b{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:14px;font-weight:600}
.about small{white-space:normal}
.failed .kind{background:color-mix(in oklch,var(--danger) 14%,var(--surface));color:var(--danger)}
.failed small{color:var(--danger)}
.about progress{display:block;appearance:none;width:100%;height:4px;margin-block-start:5px;border:0;border-radius:2px;overflow:hidden;background:var(--line)}
.about ::-webkit-progress-bar{background:var(--line)}
.about ::-webkit-progress-value{background:var(--accent);border-radius:2px}
.about ::-moz-progress-bar{background:var(--accent);border-radius:2px}
.drop{position:absolute;inset:0;z-index:1;display:grid;padding:10px;background:color-mix(in oklch,var(--surface) 88%,transparent);pointer-events:none}
.drop span{display:grid;place-items:center;align-content:center;gap:8px;border:2px dashed var(--accent-text);border-radius:14px;color:var(--accent-text);font-weight:600}
.drop svg{width:32px}
@media (forced-colors:active){.about progress{border:1px solid CanvasText;forced-color-adjust:none;background:Canvas}.about ::-webkit-progress-bar{background:Canvas}.about ::-webkit-progress-value{background:Highlight}.about ::-moz-progress-bar{background:Highlight}}
`;
