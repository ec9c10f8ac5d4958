import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAll, sortOut, textsOf } from '../../src/agencies/claims.ts';
import { flipDay, fromJakarta, isFlippedDay, isFlippedTime, isLocalTime, toJakarta } from '../../src/agencies/dates.ts';
import { words } from '../../src/agencies/words.ts';

const instant = fc.date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString());

describe('Jakarta’s clock', () => {
  it('shows every moment so that it can be read back', () => {
    fc.assert(fc.property(instant, (moment) => {
      const { day, time } = toJakarta(moment);
      expect(fromJakarta(day, time)).toBe(moment);
      expect(isLocalTime(`${day} ${time}`)).toBe(true);
      expect(isFlippedTime(`${flipDay(day)} ${time}`)).toBe(true);
    }));
  });

  it('is seven hours ahead of UTC', () => {
    expect(fromJakarta('2026-01-01', '06:59:59')).toBe('2025-12-31T23:59:59.000Z');
    expect(toJakarta('2025-12-31T17:00:00.000Z')).toEqual({ day: '2026-01-01', time: '00:00:00' });
  });

  it.each(['2026-02-29 10:00:00', '2026-01-01 24:00:00', '2026-01-01 10:60:00', '2026-01-01T10:00:00', '2026-01-01 10:00', '01-01-2026 10:00:00', ''])('takes %j for no local time', (text) => {
    expect(isLocalTime(text)).toBe(false);
  });

  it.each(['29-02-2026 10:00:00', '2026-01-01 10:00:00', '01-01-2026', '01-01-2026 10:00:00Z'])('takes %j for no dd-MM-yyyy time', (text) => {
    expect(isFlippedTime(text)).toBe(false);
  });
});

describe('dd-MM-yyyy', () => {
  it('is turned over and back', () => {
    expect(flipDay('2026-11-22')).toBe('22-11-2026');
    expect(flipDay('22-11-2026')).toBe('2026-11-22');
  });

  it.each(['31-04-2026', '2026-11-22', '1-1-2026', '22/11/2026', ''])('takes %j for no day', (text) => {
    expect(isFlippedDay(text)).toBe(false);
  });
});

describe('numbers on a record', () => {
  it('are told apart: canonical ones once each, damaged ones as written, empty ones not at all', () => {
    expect(sortOut([['NIK', '3507.1052 0391-9001'], ['NIK', '3507105203919001'], ['PASSPORT', ' c1234567 '], ['PASSPORT', 'C123456O'], ['KTKLN', ''], ['KPJ', null]])).toEqual({
      identifiers: [{ kind: 'NIK', value: '3507105203919001' }, { kind: 'PASSPORT', value: 'C1234567' }],
      raw: [{ kind: 'PASSPORT', text: 'C123456O' }],
    });
  });

  it('are written as the agency has them, and asked for only in canonical form', () => {
    const person = sortOut([['PASSPORT', 'C1234567'], ['PASSPORT', 'C123456O'], ['NIK', '3507105203919001']]);
    expect(textsOf(person, 'PASSPORT')).toEqual(['C1234567', 'C123456O']);
    expect(readAll('PASSPORT', textsOf(person, 'PASSPORT'))).toEqual([{ kind: 'PASSPORT', value: 'C1234567' }]);
  });
});

describe('words', () => {
  it('are read both ways', () => {
    const list = words({ PAID: 'LUNAS', UNPAID: 'BELUM' } as const);
    expect(list.wire).toEqual(['LUNAS', 'BELUM']);
    expect(list.toHub.LUNAS).toBe('PAID');
    expect(list.toWire.UNPAID).toBe('BELUM');
  });

  it('refuse a list in which a meaning would be lost', () => {
    expect(() => words({ PAID: 'LUNAS', PARTIAL: 'LUNAS' })).toThrow(RangeError);
  });
});
