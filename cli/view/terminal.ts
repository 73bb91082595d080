import { styleText } from 'node:util';
import { describeEvent, type RunEvent } from '../../domain/events.js';
import type { Io } from '../io.js';
import { clock } from '../words.js';
import type { Mark, PhaseLine, RunModel, StageLine } from './model.js';
import { headline, phaseParts, readable } from './phrases.js';
import type { View } from './view.js';

export interface Look {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  readonly unicode: boolean;
}

type Style = Parameters<typeof styleText>[0];

const marks: Readonly<Record<Mark, readonly [unicode: string, ascii: string, style: Style]>> = {
  done: ['✓', '+', 'green'],
  running: ['▶', '>', 'cyan'],
  waiting: ['·', '.', 'dim'],
  failed: ['✗', 'x', 'red'],
  canceled: ['✗', 'x', 'yellow'],
};

/** Cells of the bar by the terminal's width, so that it does not come and go with the other numbers. */
const barCells = (columns: number) => (columns >= 120 ? 24 : columns >= 100 ? 16 : columns >= 80 ? 8 : 0);

/** The block that is painted over: headline, stages with their marks, a progress line per phase, a notice. No line is wider than the terminal. */
export function blockLines(model: RunModel, look: Look, notice: string | null = null): string[] {
  const width = look.columns - 1;
  const names = Math.max(0, ...model.phases.map(({ name }) => name.length));
  const lines = [
    '',
    paint(look, 'bold', clip(headline(model).join('  '), width)),
    ...stageLines(model.stages, look, width),
    ...model.phases.map((phase) => phaseText(phase, names, look, width)),
    ...(notice === null ? [] : [paint(look, 'yellow', clip(notice, width))]),
  ];
  return lines.slice(0, Math.max(2, look.rows - 1));
}

/** An event as a line that scrolls above the block. */
export function eventLine(event: RunEvent, look: Look, now: number): string {
  const text = `${clock(event.at, now)}  ${describeEvent(event)}`;
  const style = eventStyle(event);
  return style === null ? text : paint(look, style, text);
}

function eventStyle(event: RunEvent): Style | null {
  if (event.kind === 'attempt-ended' || event.kind === 'checkpoint-rejected')
    return event.kind === 'attempt-ended' && event.ending === 'completed' ? null : 'yellow';
  if (event.kind === 'resuming') return 'cyan';
  if (event.kind === 'run-ended') return event.outcome === 'completed' ? 'green' : 'red';
  return null;
}

function stageLines(stages: readonly StageLine[], look: Look, width: number): string[] {
  const rows: StageLine[][] = [];
  let used = 0;
  for (const stage of stages) {
    const needed = stage.title.length + 2 + 3;
    const row = rows.at(-1);
    const fits = row !== undefined && used + needed <= width;
    if (fits) row.push(stage);
    else rows.push([stage]);
    used = fits ? used + needed : needed;
  }
  return rows.map((row) =>
    row
      .map(({ title, mark }) => `${markText(mark, look)} ${mark === 'waiting' ? paint(look, 'dim', title) : title}`)
      .join('   '),
  );
}

function phaseText(phase: PhaseLine, names: number, look: Look, width: number): string {
  const name = phase.name.padEnd(names);
  const parts = phaseParts(phase);
  if (phase.mark === 'waiting') return paint(look, 'dim', clip(`  ${name}  ${parts.join('  ')}`, width));
  const cells = barCells(look.columns);
  const room = width - names - 4 - (cells === 0 ? 0 : cells + 2);
  while (parts.length > 1 && parts.join('  ').length > room) parts.pop();
  const bar = cells === 0 ? '' : `${barText(phase, look, cells)}  `;
  return `${markText(phase.mark, look)} ${name}  ${bar}${clip(parts.join('  '), room)}`;
}

function barText(phase: PhaseLine, look: Look, cells: number): string {
  const full = Math.min(cells, Math.floor((cells * phase.step) / phase.steps));
  const [on, off] = look.unicode ? ['█', '░'] : ['#', '-'];
  return `${paint(look, marks[phase.mark][2], on.repeat(full))}${paint(look, 'dim', off.repeat(cells - full))}`;
}

function markText(mark: Mark, look: Look): string {
  const [unicode, ascii, style] = marks[mark];
  return paint(look, style, look.unicode ? unicode : ascii);
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`;
}

const paint = (look: Look, style: Style, text: string) =>
  look.color && text !== '' ? styleText(style, text, { validateStream: false }) : text;

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

/** A block repainted in place; events and notes scroll above it. */
export function terminalView(io: Io): View {
  let painted = 0;
  let block: string[] = [];
  const look = (): Look => ({ columns: io.columns(), rows: io.rows(), color: io.color, unicode: io.unicode });
  const repaint = (above: readonly string[]) => {
    const back = painted === 0 ? '' : `\x1b[${painted}A\r\x1b[0J`;
    const hide = block.length === 0 ? '' : HIDE_CURSOR;
    io.out(`${hide}${back}${[...above, ...block].map((line) => `${line}\n`).join('')}`);
    painted = block.length;
  };
  return {
    update(model, events, { now, notice }) {
      block = blockLines(model, look(), notice);
      repaint(readable(events).map((event) => eventLine(event, look(), now)));
    },
    note: (sentence) => repaint([sentence]),
    end() {
      // The block stays where it is; what follows is written below it.
      [painted, block] = [0, []];
      io.out(SHOW_CURSOR);
    },
  };
}
