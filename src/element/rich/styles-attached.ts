/** The style sheet of files in messages. */

export const attachedStyles = /* css */ `
.files{display:flex;flex-direction:column;gap:4px;max-width:100%}
.me .files{align-items:end}
.shown{display:block;width:236px;max-width:100%;overflow:hidden;border-radius:16px;border:1px solid var(--line);outline-offset:2px}
.shot{aspect-ratio:4/3;background:var(--raised)}
.file{display:flex;align-items:center;gap:10px;width:260px;max-width:100%;padding:10px 12px;border:1px solid var(--line);border-radius:14px;background:var(--surface);color:var(--text);text-align:start;text-decoration:none}
.doc{display:grid;place-items:center;flex:none;width:36px;height:42px;border-radius:8px;background:color-mix(in oklch,var(--accent) 14%,var(--surface));color:var(--accent-text);font-size:10px;font-weight:700}
.told{flex:1;min-width:0;line-height:1.35}
.told b{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:14px;font-weight:600}
.hint{color:var(--muted);font-size:12.5px}
@media (hover:hover){a.file:hover,button.file:hover{background:var(--raised)}.shown:hover{opacity:.92}}
`;
