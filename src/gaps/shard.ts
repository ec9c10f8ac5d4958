import { laneOf } from '../store/lanes.ts';

/** All workers are cut into this many shares, by the first bits of their ids. */
export const shards = 64;

/** The share that a worker belongs to. */
export function shardOf(workerId: string): number {
  return Number.parseInt(workerId.slice(0, 2), 16) >> 2;
}

/** The least id of a share, and that of the next one; null behind the last. */
export function shardRange(shard: number): { readonly from: string; readonly below: string | null } {
  const least = (n: number) => `${(n << 2).toString(16).padStart(2, '0')}000000-0000-0000-0000-000000000000`;
  return { from: least(shard), below: shard + 1 < shards ? least(shard + 1) : null };
}

/** The lane in which all workers of a share are. */
export function laneOfShard(shard: number): number {
  return laneOf(shardRange(shard).from);
}
