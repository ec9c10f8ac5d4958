import { describe, expect, it } from 'vitest';
import { inactiveReason, segment } from '../../../src/agencies/bpjs-kesehatan/map.ts';

describe('a JKN membership', () => {
  it.each([
    ['Non Aktif Karena Premi', 'ARREARS'],
    ['MENUNGGAK IURAN', 'ARREARS'],
    ['PENANGGUHAN PESERTA', 'SUSPENDED_ABROAD'],
    ['NON AKTIF DI LUAR NEGERI', 'SUSPENDED_ABROAD'],
    ['MENINGGAL DUNIA', 'DECEASED'],
    ['NON AKTIF', 'OTHER'],
  ])('that is %s is inactive for %s', (text, reason) => {
    expect(inactiveReason(text)).toBe(reason);
  });

  it.each([
    ['13', 'PEGAWAI SWASTA', 'PPU'],
    ['15', 'PENERIMA PENSIUN PNS', 'BP'],
    ['21', 'PBI (APBN)', 'PBI'],
    ['22', 'PBI (APBD)', 'PBI'],
    ['14', 'PEKERJA MANDIRI', 'PBPU'],
    ['98', 'PBPU PEMERINTAH DAERAH', 'PBPU'],
    ['99', 'SESUATU', null],
  ])('of kind %s %s belongs to segment %s', (code, text, expected) => {
    expect(segment(code, text)).toBe(expected);
  });
});
