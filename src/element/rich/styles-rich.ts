/** What every kind of rich message has in common: where it stands, its pictures, its buttons. */

export const richStyles = /* css */ `
.row.rich{position:relative;flex-direction:column;align-items:start;gap:4px;max-width:none;padding-inline-start:36px}
.row.rich>.face{position:absolute;inset-block-end:0;inset-inline-start:0}
.row.rich>i{display:none}
.row.rich>*{max-width:100%}
.row.rich>.bubble{max-width:calc(100% - 44px);border-radius:18px}
.row.rich.me{align-items:end;max-width:88%;padding:0}
.row.rich.me>.bubble{max-width:100%}
.row.rich:not(:last-child).last{margin-block-end:12px}
.picture{display:block;overflow:hidden;background:var(--raised)}
.picture img{display:block;width:100%;height:100%;object-fit:cover}
`;
