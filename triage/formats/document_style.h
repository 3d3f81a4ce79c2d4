/* SPDX-License-Identifier: Apache-2.0
 * The style sheet of HTML pages: one column of text, and boxes in which wide tables and figures
 * scroll. The style has light, dark and printed forms. Words also give every meaning of a colour.
 */
#ifndef FENCEPOST_FORMATS_DOCUMENT_STYLE_H
#define FENCEPOST_FORMATS_DOCUMENT_STYLE_H

#define PAGE_STYLE \
	":root{--ink:#1c1e21;--soft:#5d636b;--line:#d9dce0;--paper:#fff;--wash:#f4f5f7;--tint:#cfe3f1;--link:#0b5a8f;" \
	"--heat:11,90,143;--on:#fff}\n" \
	"@media (prefers-color-scheme:dark){:root{--ink:#e4e6e9;--soft:#9aa1aa;--line:#353a41;--paper:#15171a;" \
	"--wash:#1e2125;--tint:#1d4058;--link:#7fbce6;--heat:96,174,226;--on:#08131b}}\n" \
	"@media print{:root{--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--wash:#fff;--tint:#dce9f2}}\n" \
	"*{box-sizing:border-box}\n" \
	"html{-webkit-text-size-adjust:100%}\n" \
	"body{margin:0;background:var(--paper);color:var(--ink);" \
	"font:16px/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif}\n" \
	"main{max-width:74rem;margin:0 auto;padding:2.5rem 1.25rem 5rem}\n" \
	"h1,h2,h3{line-height:1.2;text-wrap:balance;font-weight:650;letter-spacing:-.01em}\n" \
	"h1{font-size:2rem;margin:0 0 1.25rem}\n" \
	"h2{font-size:1.35rem;margin:3.5rem 0 .9rem;padding-top:1rem;border-top:1px solid var(--line)}\n" \
	"h3{font-size:1.05rem;margin:2rem 0 .6rem}\n" \
	"p,ul{max-width:43rem;margin:.7rem 0}ul{padding-left:1.15rem}li{margin:.3rem 0}\n" \
	"p.lead{font-size:1.13rem;line-height:1.5}\n" \
	"a{color:var(--link)}\n" \
	"nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;font-size:.88rem;margin:1.5rem 0 0}\n" \
	"code{font:.88em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;" \
	"overflow-wrap:break-word}\n" \
	"pre{background:var(--wash);padding:.8rem 1rem;overflow-x:auto;border-radius:4px}" \
	"pre code{overflow-wrap:normal}\n" \
	"figure{margin:1.4rem 0}figcaption{font-size:.9rem;color:var(--soft);max-width:43rem;margin-bottom:.45rem}\n" \
	"figure.chart figcaption{margin:.45rem 0 0}\n" \
	".scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}\n" \
	"table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums;line-height:1.35}\n" \
	"th,td{padding:.32rem .6rem;text-align:right;vertical-align:top;white-space:nowrap;" \
	"border-bottom:1px solid var(--line)}\n" \
	"th{font-weight:600}thead th{border-bottom:1.5px solid var(--soft);vertical-align:bottom}\n" \
	".l{text-align:left}td.l{white-space:normal;max-width:26rem}" \
	"td.l+td.l,td.l:last-child{min-width:14rem}thead th{white-space:normal}tbody th{font-weight:500}\n" \
	"tbody th.l{position:sticky;left:0;background:var(--paper)}\n" \
	"td small{display:block;color:var(--soft);font-size:.8em}\n" \
	"td.bar{background:linear-gradient(to right,var(--tint) var(--v),transparent 0);" \
	"border-left:3px solid var(--paper)}\n" \
	"figure.matrix{margin:1.2rem 0}.matrix table{table-layout:fixed;width:100%;max-width:58rem;font-size:.82rem}" \
	".matrix th.l{width:8.5rem}.matrix td{text-align:center;padding:0;border:2px solid var(--paper);" \
	"background:rgba(var(--heat),var(--v))}.matrix td a{display:block;padding:.42rem 0;color:inherit;" \
	"text-decoration:none}.matrix td a:hover{text-decoration:underline}.matrix td.high{color:var(--on)}" \
	".matrix thead th{font-size:.74rem;font-weight:500;text-align:center;overflow-wrap:anywhere;padding:.3rem .1rem}" \
	".matrix thead th.l{text-align:left}\n" \
	"details{margin:.8rem 0}summary{cursor:pointer;font-size:.95rem;color:var(--link)}\n" \
	"svg{display:block;width:100%;max-width:46rem;min-width:22rem;height:auto}\n" \
	"@media (min-width:64rem){figure.chart{display:inline-block;width:calc(50% - 1.6rem);margin-right:1.2rem;" \
	"vertical-align:top}}\n" \
	"@media (max-width:40rem){main{padding:1.5rem 1rem 4rem}h1{font-size:1.6rem}" \
	"tbody th.l{white-space:normal;min-width:6.5rem;max-width:9rem}th,td{padding:.3rem .45rem}" \
	".matrix table{font-size:.68rem}.matrix tbody th.l,.matrix thead th.l{width:5.2rem;min-width:0;padding:.2rem 0;" \
	"font-size:.66rem}.matrix thead th:not(.l){writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;" \
	"white-space:nowrap;padding:.2rem 0;vertical-align:middle}.matrix td{border-width:1px}}\n" \
	"@media print{body{font-size:10pt}main{max-width:none;padding:0}.scroll{overflow:visible}" \
	"figure,tr{break-inside:avoid}h2,h3{break-after:avoid}table{font-size:7pt}" \
	"td.bar,svg *{-webkit-print-color-adjust:exact;print-color-adjust:exact}nav{display:none}}\n"

#endif
