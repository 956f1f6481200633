import { expect, test } from 'vitest';
import { splitLog } from '../../src/engine/log-frames.js';

function frame(stream: number, text: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

test('frames go to the stream that they name', () => {
  const frames = [frame(1, 'out\n'), frame(2, 'ärror\n'), frame(1, ''), frame(1, 'more\n')];
  expect(splitLog(Buffer.concat(frames))).toEqual({ stdout: 'out\nmore\n', stderr: 'ärror\n' });
  expect(splitLog(Buffer.alloc(0))).toEqual({ stdout: '', stderr: '' });
});

test('a long log of short lines is no problem', () => {
  const one = frame(1, 'x\n');
  const { stdout } = splitLog(Buffer.concat(Array.from({ length: 200_000 }, () => one)));
  expect(stdout.length).toBe(400_000);
});
