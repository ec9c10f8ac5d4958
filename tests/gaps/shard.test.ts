import { describe, expect, it } from 'vitest';
import { shardOf, shardRange, shards } from '../../src/gaps/shard.ts';

describe('shares of all workers', () => {
  it('cover every id once', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const id = `${byte.toString(16).padStart(2, '0')}ffffff-ffff-4fff-bfff-ffffffffffff`;
      const holding = Array.from({ length: shards }, (_, shard) => shardRange(shard)).flatMap(({ from, below }, shard) => (from <= id && (below === null || id < below) ? [shard] : []));
      expect(holding).toEqual([shardOf(id)]);
    }
  });
});
