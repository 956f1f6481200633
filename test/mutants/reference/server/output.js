import { broken } from './broken.js';

const HELD_MS = 700;

/** Holds back what the function prints, as languages do whose standard streams are buffered. */
export function holdOutputBack() {
  if (broken('stdout-held-back')) holdBack(process.stdout);
  if (broken('stderr-held-back')) holdBack(process.stderr);
}

function holdBack(stream) {
  const write = stream.write.bind(stream);
  stream.write = (text) => {
    setTimeout(write, HELD_MS, text);
    return true;
  };
}
