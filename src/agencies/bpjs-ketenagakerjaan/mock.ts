import type { Coverage } from '../../domain/coverage.ts';
import type { Money } from '../../domain/money.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import { addDays, todayInJakarta } from '../../domain/time.ts';
import type { Change } from '../agency.ts';
import { readAll, textsOf } from '../claims.ts';
import type { Credentials } from '../credentials.ts';
import { shows } from '../credentials.ts';
import { fromJakarta, toJakarta } from '../dates.ts';
import { createBook } from '../mocking/book.ts';
import { shake } from '../mocking/faults.ts';
import { jsonOf } from '../mocking/json.ts';
import { startMockServer } from '../mocking/server.ts';
import type { MockReply, MockRequest, MockServer } from '../mocking/server.ts';
import type { World } from '../world/world.ts';
import { batchLimit, cariRequest, claimWords, codes, paymentWords, phaseWords, sexWords, statusWords } from './contract.ts';
import type { Perlindungan, Perubahan, Peserta } from './contract.ts';
import { agency } from './map.ts';

export interface BpjsKetenagakerjaanMockOptions extends Credentials {
  readonly world: World;
  readonly port: number;
  /** Look-ups and feed pages answered on one day, Jakarta time. */
  readonly dailyQuota: number;
  readonly now?: () => Date;
}

const mostChanges = 1_000;

export function startBpjsKetenagakerjaanMock(options: BpjsKetenagakerjaanMockOptions): Promise<MockServer> {
  const book = createBook({ world: options.world, agency });
  const used = { day: '', calls: 0 };

  function withinQuota(now: Date): boolean {
    const day = todayInJakarta(now);
    if (used.day !== day) {
      used.day = day;
      used.calls = 0;
    }
    used.calls++;
    return used.calls <= options.dailyQuota;
  }

  function lookUp(request: MockRequest): MockReply {
    const asked = cariRequest.safeParse(jsonOf(request));
    if (!asked.success) return refuse(codes.malformed, 'Format permintaan tidak sesuai');
    if (asked.data.peserta.length > batchLimit) return refuse(codes.tooMany, `Maksimal ${batchLimit} peserta per permintaan`);
    const records = book.findAny(asked.data.peserta.flatMap((entri) => [...readAll('NIK', entri.nik), ...readAll('KPJ', entri.kpj)]));
    return answer({ peserta: shake(records, request.faults, book, request.random).map(toPeserta) });
  }

  function changes(request: MockRequest): MockReply {
    const size = Number(request.query.get('jumlah') ?? '100');
    if (!Number.isInteger(size) || size < 1 || size > mostChanges) return refuse(codes.malformed, `jumlah harus 1 sampai ${mostChanges}`);
    const page = book.page(request.query.get('kursor'), size);
    if (page === null) return refuse(codes.badCursor, 'Kursor tidak dikenal');
    return answer({ perubahan: page.changes.map(toPerubahan), kursor: page.cursor, lanjut: page.more });
  }

  const guarded = (handle: (request: MockRequest) => MockReply) => (request: MockRequest) =>
    shows(request.headers, options) ? handle(request) : refuse(codes.refused, 'user_key atau kredensial tidak dikenal');
  const counted = (handle: (request: MockRequest) => MockReply) => guarded((request) =>
    withinQuota(request.now) ? handle(request) : { ...spent, headers: { 'retry-after': String(secondsToMidnight(request.now)) } });

  return startMockServer({
    agency,
    book,
    port: options.port,
    ...(options.now && { now: options.now }),
    quotaReply: () => spent,
    routes: [
      { operation: 'lookUp', method: 'POST', path: '/api/pmi/kepesertaan/cari', handle: counted(lookUp) },
      { operation: 'changes', method: 'GET', path: '/api/pmi/kepesertaan/perubahan', handle: counted(changes) },
      { operation: 'ping', method: 'GET', path: '/api/status', handle: guarded(() => answer({ layanan: 'AKTIF' })) },
    ],
  });
}

function answer(data: object): MockReply {
  return { body: { code: codes.ok, message: 'Sukses', data } };
}

function refuse(code: number, message: string): MockReply {
  return { body: { code, message, data: null } };
}

/** The one refusal that shows in the HTTP status. */
const spent: MockReply = { ...refuse(codes.quota, 'Kuota akses hari ini telah habis'), status: 429 };

/** The quota starts anew at midnight in Jakarta. */
function secondsToMidnight(now: Date): number {
  const midnight = Date.parse(fromJakarta(addDays(todayInJakarta(now), 1), '00:00:00'));
  return Math.ceil((midnight - now.getTime()) / 1_000);
}

function toPerubahan(change: Change): Perubahan {
  return change.kind === 'delete' ? { aksi: 'HAPUS', kpj: change.recordId } : { aksi: 'SIMPAN', peserta: toPeserta(change.record) };
}

/** The inverse of map.ts. */
export function toPeserta(record: AgencyRecord): Peserta {
  const { person } = record;
  return {
    kpj: record.recordId,
    kpjLain: textsOf(person, 'KPJ').filter((text) => text !== record.recordId),
    nik: textsOf(person, 'NIK')[0] ?? null,
    noPaspor: textsOf(person, 'PASSPORT'),
    idPmi: textsOf(person, 'PMI_ID')[0] ?? null,
    namaPeserta: person.name,
    namaLain: person.alias,
    jenisKelamin: person.sex === null ? null : sexWords.toWire[person.sex],
    tempatLahir: person.placeOfBirth,
    tglLahir: person.dateOfBirth,
    namaIbuKandung: person.motherName,
    noHp: person.phone,
    kodeWilayah: person.area,
    perlindungan: record.coverages.map(toPerlindungan),
    tglUpdate: record.asOf === null ? null : localTime(record.asOf),
  };
}

function localTime(instant: string): string {
  const { day, time } = toJakarta(instant);
  return `${day} ${time}`;
}

function toPerlindungan(coverage: Coverage): Perlindungan {
  const { payment } = coverage;
  return {
    kpj: coverage.kpj,
    program: coverage.programme,
    fase: phaseWords.toWire[coverage.phase],
    status: statusWords.toWire[coverage.status],
    tglDaftar: coverage.registeredOn,
    masaPerlindungan: { mulai: coverage.window.start, akhir: coverage.window.end },
    iuran: { status: paymentWords.toWire[payment.status], tagihan: rupiah(payment.owed), dibayar: rupiah(payment.paid), tglBayar: payment.paidOn },
    masaKontrakBulan: coverage.contractMonths,
    klaim: coverage.claims.map((claim) => ({
      noKlaim: claim.number,
      manfaat: claim.benefit,
      status: claimWords.toWire[claim.status],
      tglPengajuan: claim.filedOn,
      tglKeputusan: claim.decidedOn,
      nilai: rupiah(claim.amount),
      noKasusPerwakilan: claim.caseNumber,
    })),
  };
}

function rupiah(money: Money | null): string | null {
  return money === null ? null : money.amount;
}
