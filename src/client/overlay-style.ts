/**
 * The overlay's look. Given to the page as a constructed stylesheet: a policy on inline styles has no say over those. `!important`
 * on the host, because the page's own rules (`* { … }`) otherwise win over `:host`.
 */
export const OVERLAY_STYLE = `
:host{all:initial!important;display:block!important;position:fixed!important;inset:0!important;width:auto!important;height:auto!important;
box-sizing:border-box!important;z-index:2147483647!important;overflow:auto!important;padding:24px!important;background:#0009!important;
font:14px/1.5 system-ui,sans-serif!important;color-scheme:light dark;--bg:#fff;--fg:#1d1d1f;--soft:#62626a;--code:#f4f4f6;--line:#dcdce2;--bad:#c4161c;--link:#0b57d0}
@media(prefers-color-scheme:dark){:host{--bg:#1c1c21;--fg:#ececf1;--soft:#a2a2ad;--code:#121216;--line:#38383f;--bad:#ff7b72;--link:#8ab4f8}}
.panel{position:relative;max-width:900px;margin:0 auto;padding:8px 24px;background:var(--bg);color:var(--fg);border-top:5px solid var(--bad);border-radius:8px;outline:0}
.close{position:absolute;top:12px;right:16px;padding:2px 10px;border:1px solid var(--line);border-radius:6px;color:var(--soft)}
section{padding:12px 0 16px;border-top:1px solid var(--line)}section:first-of-type{border:0}
h1,h2{margin:0 80px 4px 0;font-size:15px;color:var(--bad)}h1{color:var(--soft);font-weight:400;padding-top:8px}
p{margin:8px 0}ol{margin:8px 0;padding:0;list-style:none}
.message,.frame,li,.place{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px}
.message{margin:4px 0 8px;white-space:pre-wrap;overflow-wrap:anywhere}
.frame{margin:8px 0;padding:12px;overflow-x:auto;background:var(--code);border-radius:6px;tab-size:4}.frame b{color:var(--bad)}
li,.hint{color:var(--soft);overflow-wrap:anywhere}
button{font:inherit;border:0;padding:0;background:none;color:var(--link);cursor:pointer;text-align:start}
.place{text-decoration:underline}button:focus-visible{outline:2px solid var(--link);outline-offset:2px}
`;
