import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Documents } from './documents.ts';
import type { Caller } from './scopes.ts';

export interface DocumentGateOptions {
  readonly documents: Documents;
  /** Told of an unlisted document: `refused` each time; `noted` each time, with `first` the first time that the caller sends it within an hour. */
  readonly onUnlisted: (unlisted: { readonly outcome: 'noted' | 'refused'; readonly caller: Caller; readonly hash: string; readonly first: boolean }) => void;
}

/** Which documents each caller may run, by its terms. Callers who may run any cost nothing here. */
export function createDocumentGate({ documents, onUnlisted }: DocumentGateOptions) {
  const noted = new LRUCache<string, true>({ max: 10_000, ttl: 3_600_000 });
  return {
    find: (id: string): string | null => documents.find(id),
    mayRun(caller: Caller, text: string): boolean {
      if (caller.documents === 'any' || documents.lists(text)) return true;
      const outcome = caller.documents === 'listed' ? 'refused' : 'noted';
      const hash = createHash('sha256').update(text).digest('hex');
      const name = `${caller.id} ${hash}`;
      onUnlisted({ outcome, caller, hash, first: !noted.has(name) });
      noted.set(name, true);
      return outcome === 'noted';
    },
  };
}
