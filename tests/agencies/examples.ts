import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { createSeals, unwrap } from '../../src/agencies/bpjs-kesehatan/cipher.ts';
import { bpjsKesehatan } from '../../src/agencies/bpjs-kesehatan/index.ts';
import { bp2mi } from '../../src/agencies/bp2mi/index.ts';
import { bpjsKetenagakerjaan } from '../../src/agencies/bpjs-ketenagakerjaan/index.ts';
import { basic } from '../../src/agencies/credentials.ts';
import { perwakilan } from '../../src/agencies/perwakilan/index.ts';
import type { AgencyDefinition } from '../../src/agencies/definition.ts';
import type { World } from '../../src/agencies/world/world.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import type { PersonClaim } from '../../src/domain/person.ts';
import { fakeWorld } from './fakeWorld.ts';

/**
 * The examples of docs/agencies.md: requests sent to the real mocks as any client could send them, and what came back. The person is made up here, with
 * an impossible NIK, so that the page does not change with the world.
 */

const nik = '3507105203919001';
const person: PersonClaim = {
  name: 'SITI CONTOH', alias: null, sex: 'FEMALE', dateOfBirth: '1991-03-12', placeOfBirth: 'MALANG', motherName: 'SUMIATI', phone: '081200000001', area: '35.07.10',
  identifiers: [], raw: [],
};
const place = { country: 'MY', region: 'Selangor', district: null };
const nothing = { placements: [], coverages: [], healthMemberships: [], cases: [], stays: [] } as const;

const records: readonly AgencyRecord[] = [
  {
    ...nothing, agency: 'BP2MI', recordId: 'PMI-00000017', asOf: '2026-03-02T04:10:00.000Z',
    person: {
      ...person,
      identifiers: [{ kind: 'PMI_ID', value: 'PMI-00000017' }, { kind: 'NIK', value: nik }, { kind: 'PASSPORT', value: 'C1234567' }, { kind: 'PASSPORT', value: 'B7654321' }],
    },
    placements: [{
      number: 'PEN-000000042', scheme: 'P_TO_P', procedure: 'PROSEDURAL', stage: 'ARRIVED', place, mission: 'KBRI_KUALA_LUMPUR', p3mi: { id: 'P3MI-017', name: 'PT CONTOH KARYA' },
      employer: { name: 'KELUARGA CONTOH', kind: 'HOUSEHOLD' }, sector: 'INFORMAL', job: 'HOUSE MAID',
      contract: { start: '2025-02-03', end: '2027-02-02', months: 24, wage: { amount: '1500.00', currency: 'MYR' }, signedOn: '2025-01-10' },
      registeredOn: '2024-11-05', departedOn: '2025-02-01', arrivedOn: '2025-02-01', returnedOn: null, passport: 'C1234567', passportValidUntil: '2029-10-01',
      oneChannelSystem: true, renews: null,
    }],
  },
  {
    ...nothing, agency: 'BPJS_KETENAGAKERJAAN', recordId: '24000000013', asOf: '2025-01-12T02:30:00.000Z',
    person: { ...person, identifiers: [{ kind: 'KPJ', value: '24000000013' }, { kind: 'NIK', value: nik }] },
    coverages: [{
      kpj: '24000000013', programme: 'JKK', phase: 'DURING', status: 'ACTIVE', registeredOn: '2025-01-12', window: { start: '2025-02-01', end: '2027-03-02' },
      payment: { status: 'PAID', owed: { amount: '332500', currency: 'IDR' }, paid: { amount: '332500', currency: 'IDR' }, paidOn: '2025-01-12' }, contractMonths: 24, claims: [],
    }],
  },
  {
    ...nothing, agency: 'BPJS_KESEHATAN', recordId: '0001234500017', asOf: null,
    person: { ...person, placeOfBirth: null, motherName: null, area: null, identifiers: [{ kind: 'JKN_CARD', value: '0001234500017' }, { kind: 'NIK', value: nik }] },
    healthMemberships: [{
      card: '0001234500017', serviceDate: '2026-11-22', active: true, statusCode: '0', statusText: 'AKTIF', inactiveReason: null, segment: 'PPU', segmentCode: '13',
      segmentText: 'PEGAWAI SWASTA', wardClass: '2', familyRole: '1', start: '2020-01-01', end: null, facility: { code: '0114A026', name: 'KLINIK CONTOH' },
    }],
  },
  {
    ...nothing, agency: 'PERWAKILAN', recordId: 'LD-000000005', asOf: '2026-05-20T07:45:00.000Z',
    person: {
      ...person, name: 'Siti Contoh', motherName: null, phone: null,
      identifiers: [{ kind: 'NIK', value: nik }, { kind: 'PASSPORT', value: 'C1234567' }, { kind: 'LAPOR_DIRI', value: 'LD-000000005' }, { kind: 'CASE_NUMBER', value: 'KBRI-KUALA-LUMPUR-000000009' }],
    },
    stays: [{ number: 'LD-000000005', kind: 'KEDATANGAN', mission: 'KBRI_KUALA_LUMPUR', place, reportedOn: '2025-02-14', verifiedOn: '2025-02-17' }],
    cases: [{
      number: 'KBRI-KUALA-LUMPUR-000000009', mission: 'KBRI_KUALA_LUMPUR', category: 'KETENAGAKERJAAN', subcategory: 'GAJI_TIDAK_DIBAYAR', kind: 'UMUM', status: 'IN_PROCESS', place,
      openedOn: '2026-05-18', closedOn: null, claimed: { amount: '4500.00', currency: 'MYR' }, recovered: null,
      parties: [{ role: 'WORKER', name: 'Siti Contoh' }, { role: 'EMPLOYER', name: 'KELUARGA CONTOH' }],
      events: [{ at: '2026-05-18T02:00:00.000Z', status: 'WAITING_VERIFICATION', note: 'Laporan diterima' }, { at: '2026-05-20T07:45:00.000Z', status: 'IN_PROCESS', note: 'Mediasi dengan pemberi kerja' }],
    }],
  },
];

const world: World = fakeWorld([records]);
const now = () => new Date('2026-11-22T03:00:00Z');

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request and its answer as the page shows them. */
async function shown(url: string, { method, path, headers, body }: Exchange): Promise<{ readonly text: string; readonly answer: unknown }> {
  const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
  const answer: unknown = await response.json();
  const head = [`${method} ${path}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...(body === undefined ? [] : ['', body])];
  const back = [`HTTP ${response.status}`, '', JSON.stringify(answer, null, 2)];
  return { answer, text: `\`\`\`http\n${head.join('\n')}\n\`\`\`\n\`\`\`\n${back.join('\n')}\n\`\`\`` };
}

async function withMock(definition: AgencyDefinition, use: (url: string, settings: Readonly<Record<string, string>>) => Promise<string>): Promise<string> {
  const settings = z.object(definition.settings).parse({});
  const mock = await definition.startMock({ world, settings, port: 0, now });
  try {
    return await use(mock.url, Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, String(value)])));
  } finally {
    await mock.close();
  }
}

const json = { 'content-type': 'application/json' };

/** By the name of the marker in the page. */
export const examples: Readonly<Record<string, () => Promise<string>>> = {
  BP2MI: () => withMock(bp2mi, async (url, { USER_KEY, USERNAME, PASSWORD }) => (await shown(url, {
    method: 'POST', path: '/api/v1/pmi/cari', headers: { user_key: USER_KEY!, authorization: basic(USERNAME!, PASSWORD!), ...json },
    body: JSON.stringify({ permintaan: [{ nik: [nik], paspor: ['B7654321'] }], halaman: null }),
  })).text),

  BPJS_KETENAGAKERJAAN: () => withMock(bpjsKetenagakerjaan, async (url, { USER_KEY, USERNAME, PASSWORD }) => (await shown(url, {
    method: 'POST', path: '/api/pmi/kepesertaan/cari', headers: { user_key: USER_KEY!, authorization: basic(USERNAME!, PASSWORD!), ...json },
    body: JSON.stringify({ peserta: [{ nik: [nik] }] }),
  })).text),

  BPJS_KESEHATAN: () => withMock(bpjsKesehatan, async (url, { CONS_ID, SECRET, USER_KEY }) => {
    const timestamp = String(now().getTime() / 1_000);
    const signature = createHmac('sha256', SECRET!).update(`${CONS_ID}&${timestamp}`).digest('base64');
    const { text, answer } = await shown(url, {
      method: 'GET', path: `/vclaim-rest/Peserta/nik/${nik}/tglSEP/2026-11-22`,
      headers: { 'X-cons-id': CONS_ID!, 'X-timestamp': timestamp, 'X-signature': signature, user_key: USER_KEY! },
    });
    const sealed = z.object({ response: z.string() }).parse(answer).response;
    const inside = unwrap(sealed, createSeals({ consId: CONS_ID!, secret: SECRET! })(timestamp));
    return `${text}\n\nDecrypted and decompressed, \`response\` is:\n\n\`\`\`json\n${JSON.stringify(JSON.parse(inside), null, 2)}\n\`\`\``;
  }),

  PERWAKILAN: () => withMock(perwakilan, async (url, { CLIENT_ID, CLIENT_SECRET }) => {
    const token = await shown(url, {
      method: 'POST', path: '/oauth/token', headers: { authorization: basic(CLIENT_ID!, CLIENT_SECRET!), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    const { access_token } = z.object({ access_token: z.string() }).parse(token.answer);
    const found = await shown(url, {
      method: 'POST', path: '/api/v1/wni/cari', headers: { authorization: `Bearer ${access_token}`, ...json }, body: JSON.stringify({ wni: [{ nik: [nik], paspor: ['C1234567'] }] }),
    });
    // The one thing that differs from run to run.
    return `${token.text}\n\n${found.text}`.replaceAll(access_token, '7f0c3e1a-0000-4000-8000-000000000000');
  }),
};
