import { describe, expect, test } from 'vitest';
import { allDistricts, describeArea } from '../../src/areas/areas.ts';

describe('area codes', () => {
  test('a district tells its regency and province', () => {
    expect(describeArea('35.07.22')).toEqual({
      province: { code: '35', name: 'Jawa Timur' }, regency: { code: '35.07', name: 'Kabupaten Malang' }, district: { code: '35.07.22', name: 'Dau' },
    });
  });

  test('a village is told by its district', () => {
    expect(describeArea('35.07.22.2001')?.district?.name).toBe('Dau');
  });

  test('what the code does not carry is null', () => {
    expect(describeArea('52')).toEqual({ province: { code: '52', name: 'Nusa Tenggara Barat' }, regency: null, district: null });
    expect(describeArea('52.03')?.regency?.name).toBe('Kabupaten Lombok Timur');
    expect(describeArea('52.03')?.district).toBeNull();
  });

  test('what is not on the list is null', () => {
    expect(describeArea('99')).toBeNull();
    expect(describeArea('')).toBeNull();
    expect(describeArea('35.99.01')).toEqual({ province: { code: '35', name: 'Jawa Timur' }, regency: null, district: null });
  });

  test('the list is the one of 2025: 38 provinces, 514 regencies, 7,285 districts', () => {
    const districts = allDistricts();
    expect(districts).toHaveLength(7_285);
    expect(new Set(districts.map((d) => d.code.slice(0, 5))).size).toBe(514);
    expect(new Set(districts.map((d) => d.code.slice(0, 2))).size).toBe(38);
    expect(districts.filter((d) => !describeArea(d.code)?.regency)).toEqual([]);
  });
});
