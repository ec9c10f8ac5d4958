import { describe, expect, test } from 'vitest';
import { currentPlacement } from '../../src/domain/placement.ts';
import type { Placement } from '../../src/domain/placement.ts';

function placement(number: string, changes: Partial<Placement> = {}): Placement {
  return {
    number, scheme: 'P_TO_P', procedure: 'PROSEDURAL', stage: 'ARRIVED', place: { country: 'HK', region: null, district: null }, mission: null, p3mi: null, employer: null, sector: 'INFORMAL', job: 'HOUSE MAID',
    contract: { start: '2024-01-05', end: '2026-01-04', months: 24, wage: null, signedOn: null }, registeredOn: '2023-09-01', departedOn: '2024-01-04', arrivedOn: '2024-01-04', returnedOn: null, passport: null,
    passportValidUntil: null, oneChannelSystem: null, renews: null, ...changes,
  };
}

describe('the current placement', () => {
  const first = placement('1', { stage: 'RENEWED' });
  const extension = placement('2', { departedOn: null, arrivedOn: null, renews: '1', registeredOn: '2025-12-01', contract: { ...first.contract, start: '2026-01-05', end: '2028-01-04' } });

  test('is the extension once it has begun, and the extended one until then', () => {
    expect(currentPlacement([first, extension], '2026-01-04')?.number).toBe('1');
    expect(currentPlacement([first, extension], '2026-01-05')?.number).toBe('2');
    expect(currentPlacement([extension, first], '2027-01-01')?.number).toBe('2');
  });

  test('is none once she came home after the extension', () => {
    const home = { ...extension, stage: 'RETURNED' as const, returnedOn: '2026-06-01' };
    expect(currentPlacement([first, home], '2026-06-02')).toBeNull();
  });

  test('is on a day in the past the one that counted then, though it is over now', () => {
    const over = placement('1', { stage: 'RETURNED', returnedOn: '2026-01-10' });
    expect(currentPlacement([over], '2025-06-01')?.number).toBe('1');
    expect(currentPlacement([over], '2026-01-09')?.number).toBe('1');
    expect(currentPlacement([over], '2026-01-10')).toBeNull();
  });

  test('is the latest departure of those abroad, before any still in process', () => {
    const older = placement('0', { departedOn: '2020-01-01', arrivedOn: '2020-01-01' });
    const inProcess = placement('3', { stage: 'VISA_ISSUED', departedOn: null, arrivedOn: null, registeredOn: '2025-01-01' });
    expect(currentPlacement([older, placement('1'), inProcess], '2025-06-01')?.number).toBe('1');
    expect(currentPlacement([inProcess], '2025-06-01')?.number).toBe('3');
  });

  test('is never one that ended, failed or was cancelled', () => {
    const over = (['RETURNED', 'FAILED_TO_DEPART', 'CANCELLED'] as const).map((stage) => placement(stage, { stage }));
    expect(currentPlacement(over, '2025-06-01')).toBeNull();
    expect(currentPlacement([], '2025-06-01')).toBeNull();
  });
});
