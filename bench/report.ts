/** The figures as one markdown table, each of ours with its ratio to each peer of the same run. */
import type { Figures } from './measure.ts';

export interface Row {
  /** `1,000 modules` */
  readonly app: string;
  readonly server: string;
  readonly figures: Figures;
}

interface Column {
  readonly title: string;
  readonly key: keyof Figures;
  readonly digits: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'start, ms', key: 'startMs', digits: 0 },
  { title: 'first load, ms', key: 'firstLoadMs', digits: 0 },
  { title: 'second start to app, ms', key: 'openAgainMs', digits: 0 },
  { title: 'reload, ms', key: 'reloadMs', digits: 0 },
  { title: 'save to run, ms', key: 'saveMs', digits: 1 },
  { title: 'p95, ms', key: 'saveP95Ms', digits: 1 },
  { title: 'RSS, MB', key: 'rssMb', digits: 0 },
  { title: 'CPU until it ran, ms', key: 'cpuMs', digits: 0 },
  { title: 'loaded, MB', key: 'loadMb', digits: 2 },
];

/** @param ours name of the server whose ratios are shown */
export function markdownTable(rows: readonly Row[], ours: string): string {
  const lines = [
    `| app | server | ${COLUMNS.map(({ title }) => title).join(' | ')} |`,
    `|---|---|${COLUMNS.map(() => '---|').join('')}`,
    ...rows.map(({ app, server, figures }) => line(app, server, ({ key, digits }) => figures[key].toFixed(digits))),
  ];
  const peers = rows.filter(({ server }) => server !== ours);
  for (const peer of peers) {
    const own = rows.find(({ app, server }) => app === peer.app && server === ours);
    if (!own) continue;
    const ratio = ({ key }: Column): string => `${(own.figures[key] / peer.figures[key]).toFixed(2)} ×`;
    lines.push(line(peer.app, `${ours} / ${peer.server}`, ratio));
  }
  return lines.join('\n');
}

function line(app: string, name: string, cell: (column: Column) => string): string {
  return `| ${app} | ${name} | ${COLUMNS.map(cell).join(' | ')} |`;
}
