import { describe, expect, it } from 'vitest';
import { createNetworks } from '../../src/access/addresses.ts';
import { createReceivers, isPublic, urlFault } from '../../src/webhooks/receiver.ts';
import { startReceiver } from '../support/receiver.ts';

const nowhere = createNetworks([]);
const here = createNetworks(['127.0.0.0/8', '::1']);

describe('the address of a receiver', () => {
  it.each(['10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '127.0.0.1', '0.0.0.0', '100.64.0.1', '::1', 'fd00::1', 'fe80::1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '64:ff9b::a00:1', 'x'])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
  });
  it.each(['8.8.8.8', '172.32.0.1', '2606:4700:4700::1111'])('%s is public', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    ['https://hooks.example.org/payung', null],
    ['https://8.8.8.8/', null],
    ['http://hooks.example.org/', 'The URL must begin with https://.'],
    ['http://8.8.8.8/', 'The URL must begin with https://.'],
    ['ftp://hooks.example.org/', 'The URL must begin with https://.'],
    ['https://user:word@hooks.example.org/', 'The URL must not hold user or password.'],
    ['https://10.0.0.1/', 'The address is not a public one.'],
    ['https://0x0a000001/', 'The address is not a public one.'],
    ['https://[::ffff:10.0.0.1]/', 'The address is not a public one.'],
    ['http://127.0.0.1:4000/graphql', 'The address is not a public one.'],
    ['http://localhost/', 'The address is not a public one.'],
    ['hooks', 'It is not a URL.'],
  ])('%s: %s', (url, fault) => {
    expect(urlFault(url, nowhere)).toBe(fault);
  });

  it('may be on this machine where a setting says so', () => {
    expect(urlFault('http://127.0.0.1:9/', here)).toBeNull();
    expect(urlFault('http://localhost:9/', here)).toBeNull();
    expect(urlFault('https://10.0.0.1/', here)).not.toBeNull();
  });
});

describe('sending to a receiver', () => {
  const message = { id: 'a', payload: '{"type":"test","data":{}}', secrets: [new Uint8Array(32)] };

  it('connects to no address that may not be reached, by number or by name, whatever the URL was when it was made', async () => {
    await using receiver = await startReceiver();
    const receivers = createReceivers({ allowed: nowhere, timeoutMs: 1_000 });
    expect(await receivers.send({ ...message, url: receiver.url })).toMatchObject({ outcome: 'UNREACHABLE', why: 'FORBIDDEN_ADDRESS' });
    expect(await receivers.send({ ...message, url: receiver.url.replace('127.0.0.1', 'localhost') })).toMatchObject({ outcome: 'UNREACHABLE', why: 'FORBIDDEN_ADDRESS' });
    expect(receiver.attempts).toBe(0);
    await receivers.close();
  });

  it('follows no redirect, and tells what became of it in codes', async () => {
    const statuses = [307, 500, 429, 410, 204];
    await using receiver = await startReceiver({
      answer: (_message, response) => {
        const status = statuses.shift()!;
        if (status === 307) response.setHeader('location', 'http://169.254.169.254/');
        if (status === 429) response.setHeader('retry-after', '30');
        return status;
      },
    });
    const receivers = createReceivers({ allowed: here, timeoutMs: 1_000 });
    const outcomes = [];
    for (let n = 0; n < 5; n += 1) outcomes.push(await receivers.send({ ...message, url: receiver.url }));
    expect(outcomes).toEqual([
      { outcome: 'REJECTED', why: 'HTTP_307', retryAfterMs: null },
      { outcome: 'REJECTED', why: 'HTTP_500', retryAfterMs: null },
      { outcome: 'UNREACHABLE', why: 'HTTP_429', retryAfterMs: 30_000 },
      { outcome: 'GONE', why: 'HTTP_410', retryAfterMs: null },
      { outcome: 'TAKEN' },
    ]);
    await receivers.close();
  });

  it('gives up one who does not answer', async () => {
    await using receiver = await startReceiver({ answer: () => undefined });
    const receivers = createReceivers({ allowed: here, timeoutMs: 50 });
    expect(await receivers.send({ ...message, url: receiver.url })).toMatchObject({ outcome: 'UNREACHABLE', why: 'TIMEOUT' });
    await receivers.close();
  });
});
