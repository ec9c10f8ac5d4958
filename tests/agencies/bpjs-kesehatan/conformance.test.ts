import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pcareLogin, startMock } from '../../../src/agencies/bpjs-kesehatan/mock.ts';
import type { MockServer } from '../../../src/agencies/mocking/server.ts';
import { fakeWorld } from '../fakeWorld.ts';
import { createIndependentClient } from './independent-client.ts';
import type { Answer, ClientOptions, Manner } from './independent-client.ts';
import { demo, member, now } from './members.ts';

/* The mock under a client that shares no code with it, in the ways in which public clients are known to speak, and some near them. */

/** Out of cover since November, for want of payment. */
const paused = {
  ...member(3),
  healthMemberships: [
    { ...member(3).healthMemberships[0]!, serviceDate: '2026-11-01', active: false, statusCode: '1', statusText: 'NON AKTIF KARENA PREMI', inactiveReason: 'ARREARS' as const },
    { ...member(3).healthMemberships[0]!, serviceDate: '2020-01-01' },
  ],
};
const card = member(1).recordId;
const nik = '3507014101909001';
const names = { consId: 'X-cons-id', timestamp: 'X-timestamp', signature: 'X-signature', userKey: 'user_key' };

const manners: readonly (readonly [string, Manner])[] = [
  ['with no peculiarity', {}],
  ['with the signature through encodeURI', { writeSignature: encodeURI }],
  ['with the signature through encodeURIComponent', { writeSignature: encodeURIComponent }],
  ['with X-Timestamp', { headerNames: { ...names, timestamp: 'X-Timestamp' } }],
  ['with header names in any case', { headerNames: { consId: 'x-Cons-ID', timestamp: 'X-TIMESTAMP', signature: 'x-signature', userKey: 'USER_KEY' } }],
  ['without stripping the padding', { keepsPadding: true }],
  ['undoing escaped slashes', { undoesEscapedSlashes: true }],
];

let mock: MockServer;
beforeAll(async () => {
  mock = await startMock({ world: fakeWorld([[member(1)], [member(2)], [paused]]), settings: demo, port: 0, now });
});
afterAll(() => mock.close());
afterEach(() => mock.faults.reset());

function client(options: Partial<ClientOptions>) {
  return createIndependentClient({
    url: mock.url,
    consId: demo.CONS_ID,
    secret: demo.SECRET,
    userKey: demo.USER_KEY,
    pcareLogin: [pcareLogin.username, pcareLogin.password, pcareLogin.application],
    clock: () => now().getTime() / 1_000,
    ...options,
  });
}

describe.each(manners)('a client %s', (_, manner) => {
  const byCard = (number: string, changes: Partial<ClientOptions> = {}, date = '2026-11-22'): Promise<Answer> =>
    client({ ...manner, ...changes }).peserta('nokartu', number, date);
  const byNik = (number: string, date = '2026-11-22'): Promise<Answer> => client(manner).peserta('nik', number, date);

  it.each([
    ['card', () => byCard(card)],
    ['NIK', () => byNik(nik)],
  ])('finds a member by %s', async (_, ask) => {
    expect(await ask()).toMatchObject({
      metaData: { code: '200' },
      response: {
        peserta: {
          noKartu: card,
          nik,
          nama: 'PESERTA 1',
          sex: 'L',
          tglLahir: '1990-01-01',
          tglTMT: '2020-01-01',
          statusPeserta: { kode: '0', keterangan: 'AKTIF' },
          jenisPeserta: { kode: '13', keterangan: 'PEGAWAI SWASTA' },
          hakKelas: { kode: '2', keterangan: 'KELAS II' },
          provUmum: { kdProvider: '0114A026', nmProvider: 'KLINIK CONTOH' },
          umur: { umurSaatPelayanan: '36 tahun ,10 bulan ,21 hari' },
          cob: { nmAsuransi: null, noAsuransi: null, tglTAT: null, tglTMT: null },
          informasi: { dinsos: null, noSKTM: null, prolanisPRB: null, eSEP: null },
        },
      },
    });
  });

  it.each([
    ['an unknown card', () => byCard('0001111111111')],
    ['an unknown NIK', () => byNik('3507014101909555')],
    ['the card of zeros', () => byCard('0000000000000')],
    ['a malformed card', () => byCard('12')],
    ['a malformed NIK', () => byNik('000000000000000X')],
    ['a malformed date', () => byNik(nik, '22-11-2026')],
  ])('is told "201" of %s', async (_, ask) => {
    expect(await ask()).toMatchObject({ metaData: { code: '201', message: expect.any(String) as string }, response: null });
  });

  it.each([
    ['a wrong secret', { secret: 'another' }],
    ['an unknown consumer', { consId: '1' }],
    ['a wrong user key', { userKey: 'another' }],
    ['a timestamp in milliseconds', { clock: () => now().getTime() }],
  ])('is refused with %s', async (_, changes) => {
    expect(await byCard(card, changes)).toMatchObject({ metaData: { code: '401' }, response: null });
  });

  it.each([
    ['behind', -1],
    ['ahead', 1],
  ])('is refused when the agency’s clock is more than the window %s', async (_, direction) => {
    mock.faults.set({ clockOffsetMs: direction * 600_000 });
    expect(await byCard(card)).toMatchObject({ metaData: { code: '200' } });
    mock.faults.set({ clockOffsetMs: direction * 601_000 });
    expect(await byCard(card)).toMatchObject({ metaData: { code: '401' }, response: null });
  });

  it('meets the newborn behind the placeholder NIK, as in BPJS’s own development data', async () => {
    expect(await byNik('0000000000000000')).toMatchObject({ metaData: { code: '200' }, response: { peserta: { nama: 'BAYI BARU LAHIR', nik: '0000000000000000' } } });
  });

  it('is shown a fault page, which comes as HTML', async () => {
    mock.faults.set({ errorRate: 1 });
    expect(await byCard(card)).toEqual({ page: expect.stringMatching(/^<html>.*Internal Server Error/) as string });
  });

  it('is answered for the service date', async () => {
    expect(await byCard(paused.recordId)).toMatchObject({ response: { peserta: { statusPeserta: { kode: '1', keterangan: 'NON AKTIF KARENA PREMI' } } } });
    expect(await byCard(paused.recordId, {}, '2026-10-31')).toMatchObject({ response: { peserta: { statusPeserta: { kode: '0', keterangan: 'AKTIF' } } } });
    expect(await byCard(card, {}, '2019-12-31')).toMatchObject({
      response: { peserta: { statusPeserta: { keterangan: 'TIDAK AKTIF PADA TANGGAL PELAYANAN' }, umur: { umurSaatPelayanan: '29 tahun ,11 bulan ,30 hari' } } },
    });
  });

  it('reads PCare’s variant: code a number, days turned round, a login besides', async () => {
    const pcare = client(manner);
    for (const answer of [await pcare.pesertaPcare('nik', nik), await pcare.pesertaPcare('noka', card)]) {
      expect(answer).toMatchObject({
        metaData: { code: 200 },
        response: { noKartu: card, noKTP: nik, tglLahir: '01-01-1990', tglMulaiAktif: '01-01-2020', tglAkhirBerlaku: null, aktif: true, ketAktif: 'AKTIF', tunggakan: 0 },
      });
    }
    expect(await pcare.pesertaPcare('nik', '3507014101909555')).toMatchObject({ metaData: { code: 201 }, response: null });
    const unknown = client({ ...manner, pcareLogin: ['payung', 'another', '095'] });
    expect(await unknown.pesertaPcare('nik', nik)).toMatchObject({ metaData: { code: 401 }, response: null });
  });

  it('writes its header names as it says, or the cases above would all be one', async () => {
    let written: readonly string[] = [];
    const listener = createServer((message, response) => {
      written = message.rawHeaders;
      response.end();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    try {
      expect(await byCard(card, { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}` })).toEqual({ page: '' });
    } finally {
      listener.closeAllConnections();
      listener.close();
    }
    expect(written).toEqual(expect.arrayContaining(Object.values(manner.headerNames ?? names)));
  });
});
