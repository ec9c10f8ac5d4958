import { describe, expect, it } from 'vitest';
import { outsideOneChannel } from '../../../src/protection/rules/outsideOneChannel.ts';
import { placement, status } from '../kit.ts';

const malaysia = { country: 'MY', region: 'Selangor', district: null };

describe('OUTSIDE_ONE_CHANNEL_SYSTEM', () => {
  it('says what the register says of the channel', () => {
    expect(status(outsideOneChannel, { placements: [placement({ place: malaysia, oneChannelSystem: true })] })).toBe('OK');
    expect(status(outsideOneChannel, { placements: [placement({ place: malaysia, oneChannelSystem: false })] })).toBe('GAP');
  });

  it('does not guess where the register is silent on a domestic worker placed since the memorandum', () => {
    expect(status(outsideOneChannel, { placements: [placement({ place: malaysia, registeredOn: '2022-04-01' })] })).toBe('UNKNOWN');
    expect(status(outsideOneChannel, { placements: [placement({ place: malaysia, registeredOn: null, departedOn: '2022-04-01' })] })).toBe('UNKNOWN');
    expect(status(outsideOneChannel, { unknown: ['PLACEMENT'] })).toBe('UNKNOWN');
  });

  it('does not concern those placed before it, other work, other countries', () => {
    expect(status(outsideOneChannel, { placements: [placement({ place: malaysia, registeredOn: '2022-03-31' })] })).toBe('none');
    expect(status(outsideOneChannel, { placements: [placement({ place: malaysia, job: 'PLANTATION WORKER', employer: { name: 'X', kind: 'LEGAL_ENTITY' } })] })).toBe('none');
    expect(status(outsideOneChannel)).toBe('none');
  });
});
