import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import lz from 'lz-string';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pcareLogin, startMock } from '../../../src/agencies/bpjs-kesehatan/mock.ts';
import type { MockServer } from '../../../src/agencies/mocking/server.ts';
import { fakeWorld } from '../fakeWorld.ts';
import { demo, member, now } from './members.ts';
import { Fetcher } from './vendor/ssecd-jkn/fetcher.js';

/*
 * The mock under clients that know nothing of this project: the public client ssecd/jkn, unmodified, and requests made by hand as other public
 * clients make them.
 */

/** Out of cover since November, for want of payment. */
const paused = {
  ...member(3),
  healthMemberships: [
    { ...member(3).healthMemberships[0]!, serviceDate: '2026-11-01', active: false, statusCode: '1', statusText: 'NON AKTIF KARENA PREMI', inactiveReason: 'ARREARS' as const },
    { ...member(3).healthMemberships[0]!, serviceDate: '2020-01-01' },
  ],
};

let mock: MockServer;
beforeAll(async () => {
  // The public client signs by the system clock.
  mock = await startMock({ world: fakeWorld([[member(1)], [member(2)], [paused]]), settings: demo, port: 0 });
});
afterAll(() => mock.close());
afterEach(() => mock.faults.reset());

const card = member(1).recordId;
const nik = '3507014101909001';

function client(changes: Partial<{ consId: string; consSecret: string; vclaimUserKey: string }> = {}): Fetcher {
  const url = (service: string) => ({ development: `${mock.url}/${service}`, production: `${mock.url}/${service}` });
  return new Fetcher({
    mode: 'development',
    throw: true,
    consId: demo.CONS_ID,
    consSecret: demo.SECRET,
    vclaimUserKey: demo.USER_KEY,
    pcareUserKey: demo.USER_KEY,
    baseUrls: { vclaim: url('vclaim-rest'), pcare: url('pcare-rest') },
    ...changes,
  });
}
// As in the client's own src/vclaim/peserta.ts.
const byCard = (nomor: string, who = client(), tanggal = '2026-11-22') =>
  who.send('vclaim', { path: ['/Peserta/nokartu/:nomor/tglSEP/:tanggal', { nomor, tanggal }], method: 'GET' });
const byNik = (nomor: string, who = client(), tanggal = '2026-11-22') =>
  who.send('vclaim', { path: ['/Peserta/nik/:nomor/tglSEP/:tanggal', { nomor, tanggal }], method: 'GET' });

describe('the public VClaim client ssecd/jkn, unmodified', () => {
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
    ['a malformed date', () => byNik(nik, client(), '22-11-2026')],
  ])('is told "201" of %s', async (_, ask) => {
    expect(await ask()).toMatchObject({ metaData: { code: '201', message: expect.any(String) as string }, response: null });
  });

  it.each([
    ['a wrong secret', { consSecret: 'another' }],
    ['an unknown consumer', { consId: '1' }],
    ['a wrong user key', { vclaimUserKey: 'another' }],
  ])('is refused with %s', async (_, changes) => {
    expect(await byCard(card, client(changes))).toMatchObject({ metaData: { code: '401' }, response: null });
  });

  it('is refused when the clocks are too far apart', async () => {
    mock.faults.set({ clockOffsetMs: -599_000 });
    expect((await byCard(card)).metaData.code).toBe('200');
    mock.faults.set({ clockOffsetMs: -610_000 });
    expect((await byCard(card)).metaData.code).toBe('401');
    mock.faults.set({ clockOffsetMs: 610_000 });
    expect((await byCard(card)).metaData.code).toBe('401');
  });

  it('meets the newborn behind the placeholder NIK, as in BPJS’s own development data', async () => {
    expect(await byNik('0000000000000000')).toMatchObject({ metaData: { code: '200' }, response: { peserta: { nama: 'BAYI BARU LAHIR', nik: '0000000000000000' } } });
  });

  it('can name a fault page, which comes as HTML', async () => {
    mock.faults.set({ errorRate: 1 });
    await expect(byCard(card)).rejects.toThrow(/not JSON \(Internal Server Error\)/);
  });

  it('is answered for the service date', async () => {
    expect(await byCard(paused.recordId)).toMatchObject({ response: { peserta: { statusPeserta: { kode: '1', keterangan: 'NON AKTIF KARENA PREMI' } } } });
    expect(await byCard(paused.recordId, client(), '2026-10-31')).toMatchObject({ response: { peserta: { statusPeserta: { kode: '0', keterangan: 'AKTIF' } } } });
    expect(await byCard(card, client(), '2019-12-31')).toMatchObject({
      response: { peserta: { statusPeserta: { keterangan: 'TIDAK AKTIF PADA TANGGAL PELAYANAN' }, umur: { umurSaatPelayanan: '29 tahun ,11 bulan ,30 hari' } } },
    });
  });

  it('reads PCare’s variant: code a number, days turned round, a login besides', async () => {
    const login = `Basic ${Buffer.from(`${pcareLogin.username}:${pcareLogin.password}:${pcareLogin.application}`).toString('base64')}`;
    const ask = (path: `/${string}`, number: string, headers: Record<string, string> = { 'X-authorization': login }) =>
      client().send('pcare', { path: [path, { number }], method: 'GET', headers });
    for (const answer of [await ask('/peserta/nik/:number', nik), await ask('/peserta/noka/:number', card)]) {
      expect(answer).toMatchObject({
        metaData: { code: 200 },
        response: { noKartu: card, noKTP: nik, tglLahir: '01-01-1990', tglMulaiAktif: '01-01-2020', tglAkhirBerlaku: null, aktif: true, ketAktif: 'AKTIF', tunggakan: 0 },
      });
    }
    expect(await ask('/peserta/nik/:number', '3507014101909555')).toMatchObject({ metaData: { code: 201 }, response: null });
    expect(await ask('/peserta/nik/:number', nik, {})).toMatchObject({ metaData: { code: 401 }, response: null });
  });
});

describe('other ways in which clients write their requests', () => {
  function ask(headerNames: readonly [string, string, string, string], write: (signature: string) => string, timestamp: string): Promise<string> {
    const signature = createHmac('sha256', demo.SECRET).update(`${demo.CONS_ID}&${timestamp}`).digest('base64');
    const headers = { [headerNames[0]]: demo.CONS_ID, [headerNames[1]]: timestamp, [headerNames[2]]: write(signature), [headerNames[3]]: demo.USER_KEY };
    return new Promise((resolve, reject) => {
      const call = request(`${mock.url}/vclaim-rest/Peserta/nokartu/${card}/tglSEP/2026-11-22`, { headers, agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text)).on('end', () => resolve(body));
      });
      call.on('error', reject).end();
    });
  }

  it.each([
    ['plain', (signature: string) => signature],
    ['through encodeURI', encodeURI],
    ['through encodeURIComponent', encodeURIComponent],
  ])('takes the signature %s and header names in any case', async (_, write) => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    for (const names of [['X-cons-id', 'X-timestamp', 'X-signature', 'user_key'], ['x-Cons-ID', 'X-TIMESTAMP', 'x-signature', 'USER_KEY']] as const) {
      const envelope = JSON.parse(await ask(names, write, timestamp)) as { metaData: { code: string }; response: string };
      expect(envelope.metaData.code).toBe('200');
      const key = createHash('sha256').update(`${demo.CONS_ID}${demo.SECRET}${timestamp}`).digest();
      const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
      const text = Buffer.concat([decipher.update(envelope.response, 'base64'), decipher.final()]).toString();
      expect(JSON.parse(lz.decompressFromEncodedURIComponent(text))).toMatchObject({ peserta: { noKartu: card } });
    }
  });

  it('refuses a timestamp in milliseconds', async () => {
    const body = await ask(['X-cons-id', 'X-timestamp', 'X-signature', 'user_key'], (signature) => signature, String(now().getTime()));
    expect(JSON.parse(body)).toMatchObject({ metaData: { code: '401' } });
  });
});
