import { describe, expect, test } from 'vitest';
import { missionByCode, missionFor, missions } from '../../src/domain/missions.ts';

function at(country: string, region: string | null = null, district: string | null = null) {
  return missionFor({ country, region, district });
}

describe('the mission in charge', () => {
  test.each([
    ['KBRI_KUALA_LUMPUR', ['Kuala Lumpur', 'Putrajaya', 'Selangor', 'Perak', 'Kelantan', 'Terengganu']],
    ['KJRI_JOHOR_BAHRU', ['Johor', 'Melaka', 'Negeri Sembilan', 'Pahang']],
    ['KJRI_PENANG', ['Pulau Pinang', 'Kedah', 'Perlis']],
    ['KJRI_KUCHING', ['Sarawak']],
    ['KJRI_KOTA_KINABALU', ['Labuan']],
  ])('%s has its Malaysian states', (code, states) => {
    for (const state of states) expect(at('MY', state)).toBe(code);
    for (const state of states) expect(at('MY', ` ${state.toUpperCase()} `)).toBe(code);
  });

  test('five districts of Sabah belong to Tawau, the others to Kota Kinabalu, and Sabah alone decides nothing', () => {
    for (const district of ['Tawau', 'Kunak', 'Semporna', 'Lahad Datu', 'Kalabakan']) expect(at('MY', 'Sabah', district)).toBe('KRI_TAWAU');
    for (const district of ['Sandakan', 'Kinabatangan', 'Keningau', 'Kota Kinabalu']) expect(at('MY', 'Sabah', district)).toBe('KJRI_KOTA_KINABALU');
    expect(at('MY', 'Sabah')).toBeNull();
  });

  test('is not guessed where several are possible', () => {
    for (const country of ['MY', 'SA', 'AE', 'JP', 'DE', 'CN', 'TR']) expect(at(country)).toBeNull();
    expect(at('MY', 'Atlantis')).toBeNull();
    expect(at('XX')).toBeNull();
  });

  test('is the only one where a country has one', () => {
    expect(at('TW')).toBe('KDEI_TAIPEI');
    expect(at('TW', 'Taoyuan')).toBe('KDEI_TAIPEI');
    expect(at('SG')).toBe('KBRI_SINGAPURA');
    expect(at('HK', 'Kowloon')).toBe('KJRI_HONG_KONG');
    expect(at('MO')).toBe('KJRI_HONG_KONG');
    expect(at('CN', 'Fujian')).toBe('KJRI_GUANGZHOU');
    expect(at('CN', 'Zhejiang')).toBe('KJRI_SHANGHAI');
  });

  test('has a code of its own, made of kind and city', () => {
    expect(new Set(missions.map((m) => m.code)).size).toBe(missions.length);
    expect(missionByCode('KRI_TAWAU')).toEqual({ code: 'KRI_TAWAU', kind: 'KRI', city: 'Tawau', country: 'MY' });
    expect(missionByCode('KBRI_ATLANTIS')).toBeNull();
  });
});
