import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

const BLOCK_BYTES = 2 * 2 ** 20;

/** Choices that are the same for the same seed. */
export class Random {
  private readonly generator: RandomGenerator;
  private readonly block: Buffer;

  /** `stream` tells apart the choices of connections that share a seed. */
  constructor(seed: number, stream = 0, block?: Buffer) {
    this.generator = xoroshiro128plus((seed ^ Math.imul(stream + 1, 0x9e3779b1)) | 0);
    this.block = block ?? this.fill(BLOCK_BYTES);
  }

  /** The same seed's choices for another connection; the block of random bytes is shared. */
  stream(seed: number, stream: number): Random {
    return new Random(seed, stream, this.block);
  }

  /** An integer, both ends included. */
  integer(from: number, to: number): number {
    return uniformInt(this.generator, from, to);
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.integer(0, values.length - 1)] as Value;
  }

  /** One of the values, each as often as its weight says. */
  weighted<Value extends { weight: number }>(values: readonly Value[]): Value {
    const total = values.reduce((sum, { weight }) => sum + weight, 0);
    let left = this.integer(0, total - 1);
    for (const value of values) {
      left -= value.weight;
      if (left < 0) return value;
    }
    throw new RangeError('there is nothing to choose from');
  }

  /** Bytes from anywhere in a block of random ones: making megabytes anew takes too long. */
  bytes(length: number): Buffer {
    const start = this.integer(0, this.block.length - length);
    return this.block.subarray(start, start + length);
  }

  private fill(length: number): Buffer {
    const block = Buffer.alloc(length);
    for (let at = 0; at < length; at += 4) block.writeInt32LE(this.generator.next(), at);
    return block;
  }
}
