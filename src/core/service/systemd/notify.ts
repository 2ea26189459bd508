/** What a service tells systemd (sd_notify(3)). */
export type Notify = (state: 'READY' | 'WATCHDOG' | 'STOPPING', status?: string) => void;

/**
 * Over the datagram socket that NOTIFY_SOCKET names; undefined where nobody listens. Node has no unix datagram
 * sockets, so libc's own are called through node:ffi: no addon to unpack in a sandbox without a writable folder, no
 * program to start at every beat of the watchdog (systemd-notify), and the messages come from the main process, as
 * NotifyAccess=main wants it. A message that cannot be sent is the watchdog's business.
 */
export async function openNotify(socketPath: string | undefined): Promise<Notify | undefined> {
  if (socketPath === undefined || socketPath === '' || process.platform !== 'linux') return undefined;
  const { dlopen } = await import('node:ffi');
  const { functions: libc } = dlopen(null, {
    socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
    sendto: { arguments: ['i32', 'buffer', 'u64', 'i32', 'buffer', 'u32'], return: 'i64' },
  });
  const socket = libc.socket(unixFamily, datagram | closeOnExec | nonBlocking, 0);
  const address = addressOf(socketPath);
  return (state, status) => {
    const lines = [`${state}=1`, ...(status === undefined ? [] : [`STATUS=${status.replaceAll('\n', ' ')}`])];
    const message = Buffer.from(lines.join('\n'));
    libc.sendto(socket, message, BigInt(message.length), noSignal, address, address.length);
  };
}

const unixFamily = 1;
const datagram = 2;
const nonBlocking = 0o4000;
const closeOnExec = 0o2000000;
const noSignal = 0x4000;

/** struct sockaddr_un, little-endian as all our processors are; `@` stands for the abstract namespace. */
function addressOf(path: string): Buffer {
  return Buffer.concat([
    Buffer.from([unixFamily, 0]),
    Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`),
  ]);
}
