import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpFile } from '../../../corpus/input/https.js';
import { collect } from '../fixture.js';

type Answer = (request: IncomingMessage, response: ServerResponse, number: number) => void;

const content = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
const now = { waitBefore: () => 0 };

/** Runs `use` with the address of a server that answers so; `number` counts its requests from 0. */
async function serving(answer: Answer, use: (url: string) => Promise<void>): Promise<void> {
  let number = 0;
  const server: Server = createServer((request, response) => answer(request, response, number++));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/dump.xml?sig=secret`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Answers a range as a file server does. */
function serve(request: IncomingMessage, response: ServerResponse, etag = '"one"'): Buffer {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = content.subarray(Number(from), Number(to) + 1);
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`;
  response.writeHead(206, { 'content-range': range, 'content-length': part.length, etag });
  return part;
}

const read = async (url: string, from: number, to: number): Promise<Buffer> =>
  Buffer.concat(await collect((await httpFile(url, now)).read(from, to)));

describe('corpus: a file behind HTTP', () => {
  it('is read by ranges', () =>
    serving(
      (request, response) => response.end(serve(request, response)),
      async (url) => {
        const file = await httpFile(url, now);
        assert.deepEqual([file.bytes, file.name.endsWith('/dump.xml')], [5000, true]);
        assert.deepEqual(await read(url, 100, 4000), content.subarray(100, 4000));
        assert.deepEqual(await read(url, 4000, 4000), Buffer.alloc(0));
      },
    ));

  it('goes on where it broke off', () =>
    serving(
      (request, response, number) => {
        const part = serve(request, response);
        if (number < 1 || number > 4) return response.end(part);
        response.write(part.subarray(0, 700), () => response.destroy());
      },
      async (url) => assert.deepEqual(await read(url, 0, 5000), content),
    ));

  it('is asked again when the server is busy, and no more when it stays so', () =>
    serving(
      (request, response, number) => {
        if (number % 3 === 2) return response.end(serve(request, response));
        response.writeHead(503).end();
      },
      async (url) => {
        assert.deepEqual(await read(url, 0, 5000), content);
        await serving(
          (_, response) => response.writeHead(503).end(),
          async (busy) => {
            const failure = await httpFile(busy, now).catch((error: unknown) => error as Error);
            assert.match((failure as Error).message, /^http:\S+\/dump.xml answered 503: the file cannot be reached.$/);
            assert.equal((failure as Error).name, 'Error', 'it is worth another try, later');
          },
        );
      },
    ));

  it('that nobody serves is told with the reason', async () => {
    let gone = '';
    await serving(
      (_, response) => response.end(),
      (url) => Promise.resolve(void (gone = url)),
    );
    const failure = (await httpFile(gone, now).catch((error: unknown) => error)) as Error;
    assert.match(failure.message, /^http:\S+\/dump.xml does not answer \(ECONNREFUSED\): the file cannot be reached.$/);
  });

  it('that is another than an earlier look saw is refused', () =>
    serving(
      (request, response) => response.end(serve(request, response)),
      async (url) => {
        assert.equal((await httpFile(url, now)).version, '"one"');
        await httpFile(url, { ...now, version: '"one"' });
        await assert.rejects(httpFile(url, { ...now, version: '"two"' }), /dump.xml has changed while it was read/);
      },
    ));

  it('that changes while it is read is refused', () =>
    serving(
      (request, response, number) => response.end(serve(request, response, number === 0 ? '"one"' : '"two"')),
      async (url) => assert.rejects(read(url, 0, 5000), /dump.xml has changed while it was read; start again/),
    ));

  it('is refused in a sentence without its signature where it cannot be read by ranges, or not at all', async () => {
    const refused = async (status: number): Promise<string> => {
      let message = '';
      await serving(
        (_, response) => response.writeHead(status).end(status === 200 ? content : ''),
        async (url) => {
          message = ((await httpFile(url, now).catch((error: unknown) => error)) as Error).message;
        },
      );
      return message;
    };
    assert.match(await refused(200), /dump.xml knows no byte ranges; download the file/);
    assert.match(await refused(403), /dump.xml was refused with status 403; check address and access/);
    assert.doesNotMatch(await refused(403), /secret/);
  });
});
