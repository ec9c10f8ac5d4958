import { describe, expect, it } from 'vitest';
import { createBook } from '../../../src/agencies/mocking/book.ts';
import type { Book } from '../../../src/agencies/mocking/book.ts';
import type { Identifier } from '../../../src/domain/identifier.ts';
import { bareRecord, fakeWorld } from '../fakeWorld.ts';

const nik = (i: number): Identifier => ({ kind: 'NIK', value: `350701410190${9000 + i}` });
const people = Array.from({ length: 10 }, (_, i) => [
  ...(i % 2 === 0 ? [bareRecord('TOY', `R${i}a`, [nik(i)]), bareRecord('TOY', `R${i}b`, [nik(i)])] : []),
  bareRecord('OTHER', `O${i}`, [nik(i)]),
]);
const open = () => createBook({ world: fakeWorld(people), agency: 'TOY' });

function walk(book: Book, limit: number, from: string | null = null): { seen: string[]; cursor: string } {
  const seen: string[] = [];
  let cursor = from;
  for (;;) {
    const page = book.page(cursor, limit);
    if (page === null) throw new Error('the book does not know its own cursor');
    expect(page.changes.length).toBeLessThanOrEqual(limit);
    seen.push(...page.changes.map((change) => (change.kind === 'delete' ? `-${change.recordId}` : change.record.recordId)));
    cursor = page.cursor;
    if (!page.more) return { seen, cursor };
  }
}

describe('a mock agency’s book', () => {
  it('finds the agency’s own records that carry the identifier', () => {
    expect(open().find(nik(2)).map((record) => record.recordId)).toEqual(['R2a', 'R2b']);
    expect(open().find(nik(3))).toEqual([]);
    expect(open().findAny([nik(2), nik(2), nik(4)])).toHaveLength(4);
  });

  it.each([1, 2, 3, 100])('feeds every record once, in pages of at most %i', (limit) => {
    expect(walk(open(), limit).seen).toEqual(['R0a', 'R0b', 'R2a', 'R2b', 'R4a', 'R4b', 'R6a', 'R6b', 'R8a', 'R8b']);
  });

  it('shows edits in look-ups at once', () => {
    const book = open();
    book.upsert(bareRecord('TOY', 'R2a', [nik(7)], { name: 'changed' }));
    book.remove('R2b');
    expect(book.find(nik(2))).toEqual([]);
    expect(book.find(nik(7)).map((record) => record.person.name)).toEqual(['changed']);
    book.upsert(bareRecord('TOY', 'R2a', [nik(2)]));
    expect(book.find(nik(7))).toEqual([]);
    expect(book.find(nik(2)).map((record) => record.recordId)).toEqual(['R2a']);
  });

  it('feeds edits after the world, each record once and as it is now, to those who come back with their cursor', () => {
    const book = open();
    const { cursor } = walk(book, 3);
    book.upsert(bareRecord('TOY', 'NEW', [nik(9)]));
    book.upsert(bareRecord('TOY', 'R0a', [nik(0)]));
    book.remove('NEW');
    const next = walk(book, 1, cursor);
    expect(next.seen).toEqual(['R0a', '-NEW']);
    expect(walk(book, 1, next.cursor).seen).toEqual([]);
    book.remove('R0a');
    expect(walk(book, 1, next.cursor).seen).toEqual(['-R0a']);
  });

  it('leaves an edited record out of the world’s part, so that a newcomer gets it once', () => {
    const book = open();
    book.upsert(bareRecord('TOY', 'R0a', [nik(0)]));
    const { seen } = walk(book, 3);
    expect(seen.filter((id) => id === 'R0a')).toHaveLength(1);
    expect(seen.at(-1)).toBe('R0a');
  });

  it('does not take a cursor that is not its own', () => {
    expect(open().page('nonsense', 3)).toBeNull();
    expect(open().page(Buffer.from('edits.5.0').toString('base64url'), 3)).toBeNull();
  });
});
