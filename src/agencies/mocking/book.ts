import { LRUCache } from 'lru-cache';
import type { AgencyName, AgencyRecord } from '../../domain/record.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { identifierKey } from '../../domain/identifier.ts';
import type { Change } from '../agency.ts';
import type { World } from '../world/world.ts';

export interface BookOptions {
  readonly world: World;
  readonly agency: AgencyName;
}

/** A page of the agency's change feed. */
export interface BookPage {
  readonly changes: readonly Change[];
  /** Where the next page starts. */
  readonly cursor: string;
  readonly more: boolean;
}

/**
 * What one mock agency has on file: its records in the world, overlaid with edits made at run time. Takes no more memory for a million people than
 * for a thousand; only edits are kept.
 */
export interface Book {
  readonly agency: AgencyName;
  /** The agency's records that carry the identifier. */
  find(identifier: Identifier): readonly AgencyRecord[];
  /** Records that carry any of the identifiers, each once. */
  findAny(identifiers: readonly Identifier[]): readonly AgencyRecord[];
  /**
   * The change feed in a stable order: first the world's records, then the edits in the order they were made, each record as it is now.
   * A page may be short, or empty, while more is to come. Null where the cursor is none of this book's.
   */
  page(cursor: string | null, limit: number): BookPage | null;
  /** Records of people around the given place in the world, for answers with somebody else's data. */
  sample(seed: number, count: number): readonly AgencyRecord[];
  upsert(record: AgencyRecord): void;
  remove(recordId: string): void;
}

/** Numbers whose owners are kept at hand. */
const ownersAtHand = 20_000;

export function createBook(options: BookOptions): Book {
  const { world, agency } = options;
  // Computing whose a number is costs as much as making the person.
  const owners = new LRUCache<string, readonly number[]>({ max: ownersAtHand });
  /** Null stands for a removed record. */
  const edits = new Map<string, AgencyRecord | null>();
  const editedBy = new Map<string, Set<string>>();
  const log: string[] = [];
  const lastEdit = new Map<string, number>();

  const inWorld = (index: number): readonly AgencyRecord[] => world.person(index).records.filter((record) => record.agency === agency);

  function ownersOf(identifier: Identifier): readonly number[] {
    const at = identifierKey(identifier);
    let indices = owners.get(at);
    if (indices === undefined) {
      indices = world.find(agency, identifier);
      owners.set(at, indices);
    }
    return indices;
  }

  function find(identifier: Identifier): readonly AgencyRecord[] {
    const found: AgencyRecord[] = [];
    for (const index of ownersOf(identifier)) {
      for (const record of inWorld(index)) {
        if (!edits.has(record.recordId) && carries(record, identifier)) found.push(record);
      }
    }
    if (edits.size > 0) {
      for (const recordId of editedBy.get(identifierKey(identifier)) ?? []) {
        const record = edits.get(recordId);
        if (record) found.push(record);
      }
    }
    return found;
  }

  function note(recordId: string, next: AgencyRecord | null): void {
    for (const identifier of edits.get(recordId)?.person.identifiers ?? []) editedBy.get(identifierKey(identifier))?.delete(recordId);
    edits.set(recordId, next);
    for (const identifier of next?.person.identifiers ?? []) {
      const at = identifierKey(identifier);
      const ids = editedBy.get(at);
      if (ids === undefined) editedBy.set(at, new Set([recordId]));
      else ids.add(recordId);
    }
    lastEdit.set(recordId, log.length);
    log.push(recordId);
  }

  function pageOfWorld(start: Position, limit: number): BookPage {
    const changes: Change[] = [];
    // Where few people have a record here, a page ends after this many people, full or not, so that no page takes long.
    const stop = Math.min(world.size, start.index + limit * 20);
    let { index, offset } = start;
    for (; index < stop; index++, offset = 0) {
      const records = inWorld(index);
      for (; offset < records.length; offset++) {
        if (changes.length === limit) return { changes, cursor: write({ part: 'world', index, offset }), more: true };
        const record = records[offset];
        if (record !== undefined && !edits.has(record.recordId)) changes.push({ kind: 'upsert', record });
      }
    }
    if (index < world.size) return { changes, cursor: write({ part: 'world', index, offset: 0 }), more: true };
    return { changes, cursor: write({ part: 'edits', index: 0, offset: 0 }), more: log.length > 0 };
  }

  function pageOfEdits(start: number, limit: number): BookPage {
    const changes: Change[] = [];
    let index = start;
    for (; index < log.length && changes.length < limit; index++) {
      const recordId = log[index];
      // An entry that a later one has overtaken says nothing any more.
      if (recordId === undefined || lastEdit.get(recordId) !== index) continue;
      const record = edits.get(recordId) ?? null;
      changes.push(record === null ? { kind: 'delete', recordId } : { kind: 'upsert', record });
    }
    return { changes, cursor: write({ part: 'edits', index, offset: 0 }), more: index < log.length };
  }

  return {
    agency,
    find,
    findAny(identifiers) {
      const found = new Map<string, AgencyRecord>();
      for (const identifier of identifiers) for (const record of find(identifier)) found.set(record.recordId, record);
      return [...found.values()];
    },
    page(cursor, limit) {
      const start = cursor === null ? { part: 'world', index: 0, offset: 0 } as const : read(cursor);
      if (start === null || (start.part === 'edits' && start.index > log.length)) return null;
      return start.part === 'world' ? pageOfWorld(start, limit) : pageOfEdits(start.index, limit);
    },
    sample(seed, count) {
      const found: AgencyRecord[] = [];
      for (let step = 0; step < world.size && found.length < count; step++) found.push(...inWorld((seed + step) % world.size));
      return found.slice(0, count);
    },
    upsert: (record) => note(record.recordId, record),
    remove: (recordId) => note(recordId, null),
  };
}

function carries(record: AgencyRecord, identifier: Identifier): boolean {
  return record.person.identifiers.some((own) => own.kind === identifier.kind && own.value === identifier.value);
}

interface Position {
  readonly part: 'world' | 'edits';
  readonly index: number;
  readonly offset: number;
}

function write(position: Position): string {
  return Buffer.from(`${position.part}.${position.index}.${position.offset}`).toString('base64url');
}

function read(cursor: string): Position | null {
  const parts = /^(world|edits)\.(\d{1,9})\.(\d{1,4})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (parts === null) return null;
  return { part: parts[1] as Position['part'], index: Number(parts[2]), offset: Number(parts[3]) };
}
