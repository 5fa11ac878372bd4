// What people see fits their terminal and steers it nowhere; what machines read is JSON and nothing else.
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { detailLines } from './details.ts';
import { createLiveBlock } from './live-block.ts';
import { createOutput, type Screen } from './output.ts';
import { lengthOf, plainText } from './plain-text.ts';
import { tableLines } from './table.ts';

function screen(more: Partial<Screen> = {}): Screen & { text(): string } {
  let text = '';
  const write = (piece: string | Uint8Array): void => {
    text += Buffer.from(piece).toString();
  };
  return { ...more, write, text: () => text };
}

const columns = [
  { title: 'ID', of: ({ id }: { id: string }) => id },
  { title: 'TEXT', of: ({ text }: { text: string | null }) => text },
];

describe('a table', () => {
  const rows = [
    { id: 'a', text: 'short' },
    { id: 'bb', text: 'a text that is\nmuch longer than the others' },
    { id: 'c', text: null },
  ];

  it('is as wide as it needs to be', () => {
    expect(tableLines(rows, columns, undefined)).toEqual([
      'ID  TEXT',
      'a   short',
      'bb  a text that is much longer than the others',
      'c',
    ]);
  });

  it('gives way where it is widest', () => {
    expect(tableLines(rows, columns, 20)[2]).toBe('bb  a text that is …');
  });

  it('never is wider than the terminal, unless its columns would vanish', () => {
    const row = fc.record({ id: fc.string({ unit: 'binary' }), text: fc.string({ unit: 'binary' }) });
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 20, max: 200 }), (some, width) => {
        for (const line of tableLines(some, columns, width))
          expect(lengthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('text from elsewhere', () => {
  it('keeps its line breaks and loses what steers a terminal', () => {
    expect(plainText('a\tb\r\nc\u001b]0;evil\u0007\u009b2J\u202e')).toBe(
      'a b\nc\ufffd]0;evil\ufffd\ufffd2J\ufffd',
    );
  });
});

describe('a document', () => {
  it('is a line for each value, without what is empty', () => {
    const value = {
      ...{ name: 'x', none: null, empty: [], tags: ['a', 'b'], nested: { deep: { n: 1 } } },
      ...{ rows: [{ a: 1, b: 2 }, { a: 3 }], text: 'one\ntwo' },
    };
    expect(detailLines(value)).toEqual([
      'name: x',
      'tags: a, b',
      'nested:',
      '  deep:',
      '    n: 1',
      'rows:',
      '  - a: 1',
      '    b: 2',
      '  - a: 3',
      'text: one\n  two',
    ]);
  });
});

describe('an output', () => {
  it('is nothing but JSON for machines', () => {
    const [stdout, stderr] = [screen({ isTTY: true }), screen({ isTTY: true })];
    const out = createOutput({ stdout, stderr, isJson: true, isPlain: false, isDumb: false });
    out.note('news');
    out.progress('more news');
    out.text('for people');
    out.table([{ id: 'a', text: null }], columns);
    expect([JSON.parse(stdout.text()), stderr.text(), out.live]).toEqual([
      [{ id: 'a', text: null }],
      '',
      undefined,
    ]);
  });

  it('keeps news apart from results, and progress off what is no terminal', () => {
    const [stdout, stderr] = [screen(), screen()];
    const out = createOutput({ stdout, stderr, isJson: false, isPlain: false, isDumb: false });
    out.progress('1 of 2');
    out.note('news');
    out.result({ a: 1 }, () => ['a is 1']);
    expect([stdout.text(), stderr.text(), out.live]).toEqual(['a is 1\n', 'news\n', undefined]);
  });

  it('takes progress away before anything else is shown', () => {
    const [stdout, stderr] = [screen({ isTTY: true }), screen({ isTTY: true, columns: 60 })];
    const out = createOutput({ stdout, stderr, isJson: false, isPlain: true, isDumb: false });
    out.progress('1 of 2');
    out.result(1, () => ['done']);
    expect([stderr.text(), stdout.text()]).toEqual(['1 of 2\r      \r', 'done\n']);
  });
});

describe('colour', () => {
  const painted = (isPlain: boolean, isTTY: boolean) =>
    createOutput({
      ...{ stdout: screen({ isTTY }), stderr: screen() },
      ...{ isJson: false, isPlain, isDumb: false },
    });

  it('is for the marks of tasks, on a terminal, unless it is declined', () => {
    expect(painted(false, true).paint('│  ├─ ✗ Reader  failed ✓ ')).toBe(
      '│  ├─ \u001b[31m✗\u001b[0m Reader  failed ✓ ',
    );
    expect(painted(false, true).paint('job_1  ingest  failed')).toBe('job_1  ingest  failed');
    for (const out of [painted(true, true), painted(false, false)])
      expect(out.paint('└─ ✓ a')).toBe('└─ ✓ a');
  });

  it('and cursor have nothing to do with each other: a terminal that declines the one has the other', () => {
    expect(painted(true, true).live).toBeDefined();
    const [stdout, stderr] = [screen({ isTTY: true }), screen({ isTTY: true })];
    expect(
      createOutput({ stdout, stderr, isJson: false, isPlain: false, isDumb: true }).live,
    ).toBeUndefined();
  });
});

describe('a live block', () => {
  it('is written over, left out where it does not fit, and quiet when nothing is new', () => {
    const terminal = screen({ isTTY: true, columns: 10, rows: 5 });
    const block = createLiveBlock(terminal, (line) => line);
    block.show(['one', 'a line that is too long']);
    block.show(['one', 'a line that is too long']);
    block.show(['1', '2', '3', '4', '5', '6']);
    block.leave(['done']);
    expect(terminal.text().split('\u001b')).toEqual([
      'one\na line t…\n',
      '[2A',
      '[0J1\n2\n3\n… 3 more\n',
      '[4A',
      '[0Jdone\n',
    ]);
  });
});
