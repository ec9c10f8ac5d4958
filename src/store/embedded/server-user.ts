import { run } from './command.ts';
import type { Account } from './command.ts';

/** The system's users, as far as the database needs them. */
export interface Accounts {
  find(name: string): Promise<Account | undefined>;
  /** Makes a system user without login; resolves whether or not that worked. */
  create(name: string): Promise<void>;
}

export const systemAccounts: Accounts = {
  async find(name) {
    const [uid, gid] = await Promise.all([numberFrom('-u', name), numberFrom('-g', name)]);
    return uid === undefined || gid === undefined ? undefined : { name, uid, gid };
  },
  async create(name) {
    // shadow-utils first, then the forms of BusyBox; a system with neither (or a read-only /etc) leaves it at that.
    for (const [program, ...args] of [
      ['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', name],
      ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', name],
    ] as const) {
      const made = await run(program, args).then(({ code }) => code === 0, () => false);
      if (made) return;
    }
  },
};

async function numberFrom(option: '-u' | '-g', name: string): Promise<number | undefined> {
  const { code, stdout } = await run('id', [option, name]);
  const value = Number.parseInt(stdout, 10);
  return code === 0 && Number.isInteger(value) ? value : undefined;
}

/** PostgreSQL refuses to run as root, so a hub that is root needs somebody else to run it as. */
export async function serverAccount(accounts: Accounts): Promise<Account> {
  const existing = (await accounts.find('postgres')) ?? (await accounts.find('payung'));
  if (existing) return existing;
  await accounts.create('payung');
  const account = (await accounts.find('payung')) ?? (await accounts.find('nobody'));
  if (account && account.uid !== 0) return account;
  throw new Error(
    'PostgreSQL refuses to run as root and this system has no other user for it: create one (useradd --system payung), start the hub as an ordinary user, or set DATABASE_URL.',
  );
}
