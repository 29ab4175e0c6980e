/** Inline, because the report is one file; plain, because it is printed. */
export const STYLE = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:32px 24px;background:#fff;color:#1b2430;font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:24px;margin:0 0 4px}h2{font-size:16px;margin:32px 0 10px;padding-bottom:4px;border-bottom:1px solid #dde3ea}
.sub{color:#5b6775;margin:0 0 18px}.note{color:#5b6775;margin:4px 0 10px}
.facts,.metrics{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:0 24px;margin:0}
.facts div,.metrics div{display:flex;justify-content:space-between;gap:12px;padding:5px 0;border-bottom:1px solid #eef1f5}
dt{color:#5b6775}dd{margin:0;font-variant-numeric:tabular-nums;text-align:right;overflow-wrap:anywhere}
svg{width:100%;height:auto;display:block}
svg path{fill:none;stroke-width:1.6}svg .equity{stroke:#1f5fbf}svg .benchmark{stroke:#a5b1c0}svg .fall{fill:#c0392b55;stroke:#c0392b;stroke-width:1}
.grid{stroke:#e7ecf1}.tick{fill:#5b6775;font-size:11px}.win{fill:#1e8449}.loss{fill:#c0392b}
.legend{color:#5b6775;margin:4px 0}.key{display:inline-block;width:18px;height:4px;margin:0 6px 2px 14px;vertical-align:middle}
.key.equity{background:#1f5fbf}.key.benchmark{background:#a5b1c0}.key.fall{background:#c0392b}
table{width:100%;border-collapse:collapse;font-size:12px;font-variant-numeric:tabular-nums}
th,td{padding:4px 6px;text-align:right;border-bottom:1px solid #eef1f5;white-space:nowrap}
th{color:#5b6775;font-weight:600}.trades td:nth-child(-n+3),.trades th:nth-child(-n+3),.trades td:last-child,.trades th:last-child{text-align:left}
.heat td,.heat th:not(:first-child){text-align:center}.heat .total{font-weight:600}
.band{fill:#2c6fbb;fill-opacity:.16;stroke:none}
.positive{color:#1e8449}.negative{color:#c0392b}
ul{margin:0;padding-left:18px}
footer{margin-top:32px;color:#5b6775;font-size:12px}
@media screen and (max-width:800px){table{display:block;overflow-x:auto}body{padding:20px 14px}}
@page{size:A4;margin:14mm}
@media print{body{padding:0;max-width:none;font-size:11px}h2{margin:18px 0 6px}.facts,.metrics{grid-template-columns:repeat(3,1fr);gap:0 16px}.facts div,.metrics div{padding:2px 0}footer{margin-top:16px;font-size:9px}h2{break-after:avoid}svg,.metrics,.facts,.heat{break-inside:avoid}thead{display:table-header-group}tr{break-inside:avoid}table{font-size:9px}th,td{padding:2px 3px}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`
