import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { authorize } from './authorize.js';
import { parseChallenge } from './challenge.js';
import { type Connection, connectTo } from './connection.js';
import type { Credentials } from './credentials.js';
import { failureOfConnection, failureOfStatus, RegistryFailure } from './failure.js';
import { MANIFEST_TYPES } from './manifest.js';
import { type RetryOptions, retrying } from './retry.js';

/** What stands behind a tag or a digest, as it was sent: its sha256 is the digest. */
export interface RegistryManifest {
  digest: string;
  mediaType: string;
  text: string;
}

export interface RegistryOptions {
  credentials: Credentials;
  /** PEM file of the CAs that are trusted; Node's own if unset. */
  bundle: string | undefined;
  retry?: RetryOptions;
}

type Ask = Pick<Dispatcher.RequestOptions, 'method'> & {
  headers?: Record<string, string>;
  body?: string;
};

/**
 * The registry API as far as an engine does not bring it (OCI distribution specification 1.1). Errors are
 * RuntimeKitError REGISTRY_DENIED, REGISTRY_REFUSED, REGISTRY_UNTRUSTED and, after retries,
 * REGISTRY_UNREACHABLE.
 */
export class RegistryClient {
  private connection: Promise<Connection> | undefined;
  /** By repository, since tokens are for one. */
  private readonly authorizations = new Map<string, string>();

  constructor(
    readonly host: string,
    private readonly options: RegistryOptions,
  ) {}

  /** The digest behind a tag; undefined where there is none. */
  async digestOf(repository: string, reference: string): Promise<string | undefined> {
    const answer = await this.askForManifest(repository, reference, 'HEAD');
    if (!answer) return undefined;
    // A registry may leave the header out; the text always tells.
    return (
      header(answer.headers, 'docker-content-digest') ??
      (await this.manifest(repository, reference))?.digest
    );
  }

  /** The manifest behind a tag or a digest; undefined where there is none. */
  async manifest(repository: string, reference: string): Promise<RegistryManifest | undefined> {
    const answer = await this.askForManifest(repository, reference, 'GET');
    if (!answer) return undefined;
    const { text } = answer;
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    if (reference.startsWith('sha256:') && digest !== reference)
      throw new RegistryFailure(
        'REGISTRY_REFUSED',
        `${this.host}/${repository}@${reference}: the registry sent ${digest}`,
      );
    return { digest, mediaType: header(answer.headers, 'content-type') ?? '', text };
  }

  /** Stores a manifest under a tag or its own digest. */
  async putManifest(
    repository: string,
    reference: string,
    { mediaType, text }: Omit<RegistryManifest, 'digest'>,
  ): Promise<void> {
    const subject = `${this.host}/${repository}: ${reference}`;
    const path = `/v2/${repository}/manifests/${reference}`;
    const headers = { 'content-type': mediaType };
    const { status, detail } = await this.ask(repository, path, {
      method: 'PUT',
      headers,
      body: text,
    });
    if (status >= 300) throw failureOfStatus(subject, status, undefined, detail);
  }

  /** All tags of a repository; none where there is no such repository. */
  async tags(repository: string): Promise<string[]> {
    const all: string[] = [];
    let path: string | undefined = `/v2/${repository}/tags/list`;
    while (path !== undefined) {
      const answer: Answer = await this.ask(repository, path, { method: 'GET' });
      if (answer.status === 404) return all;
      if (answer.status >= 300)
        throw failureOfStatus(
          `${this.host}/${repository}`,
          answer.status,
          undefined,
          answer.detail,
        );
      all.push(...((JSON.parse(answer.text) as { tags?: string[] | null }).tags ?? []));
      path = nextPage(header(answer.headers, 'link'));
    }
    return all;
  }

  /** Deletes a manifest with all its tags; one that is gone already is no error. */
  async deleteManifest(repository: string, digest: string): Promise<void> {
    const path = `/v2/${repository}/manifests/${digest}`;
    const { status, detail } = await this.ask(repository, path, { method: 'DELETE' });
    if (status < 300 || status === 404) return;
    const hint =
      status === 405 ? ' (for docker-registry, set REGISTRY_STORAGE_DELETE_ENABLED=true)' : '';
    const subject = `${this.host}/${repository}@${digest}`;
    throw failureOfStatus(subject, status, undefined, `${detail}${hint}`);
  }

  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const path = `/v2/${repository}/blobs/${digest}`;
    const { status, detail } = await this.ask(repository, path, { method: 'HEAD' });
    if (status === 404) return false;
    if (status >= 300)
      throw failureOfStatus(`${this.host}/${repository}@${digest}`, status, undefined, detail);
    return true;
  }

  /** The bytes of a blob as they come: whoever reads them holds them against the digest. */
  async blob(repository: string, digest: string): Promise<Readable> {
    const subject = `${this.host}/${repository}@${digest}`;
    // Also has the registry ask for credentials, if it does.
    if (!(await this.hasBlob(repository, digest)))
      throw failureOfStatus(subject, 404, undefined, '');
    const { origin, dispatcher } = await this.connect();
    const url = `${origin}/v2/${repository}/blobs/${digest}`;
    const authorization = this.authorizations.get(repository);
    const { statusCode, body } = await this.exchange(
      url,
      dispatcher,
      { method: 'GET' },
      authorization,
    );
    if (statusCode < 300) return Readable.from(chunksOf(body, subject));
    await body.dump();
    throw failureOfStatus(subject, statusCode, undefined, '');
  }

  /** Whether the registry took a blob over from another of its repositories. */
  async mountBlob(repository: string, digest: string, from: string): Promise<boolean> {
    const query = new URLSearchParams({ mount: digest, from });
    const path = `/v2/${repository}/blobs/uploads/?${query}`;
    return (await this.ask(repository, path, { method: 'POST' })).status === 201;
  }

  /** Stores a blob, in one request, which is not tried again. */
  async putBlob(
    repository: string,
    { digest, size }: { digest: string; size: number },
    content: Readable,
  ): Promise<void> {
    const subject = `${this.host}/${repository}@${digest}`;
    const path = `/v2/${repository}/blobs/uploads/`;
    const begun = await this.ask(repository, path, { method: 'POST' });
    const location = header(begun.headers, 'location');
    if (begun.status >= 300 || location === undefined)
      throw failureOfStatus(subject, begun.status, undefined, begun.detail);
    const { origin, dispatcher } = await this.connect();
    const url = new URL(location, origin);
    url.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': `${size}` };
    const ask = { method: 'PUT' as const, headers, body: content };
    const isOwn = url.origin === origin;
    const authorization = isOwn ? this.authorizations.get(repository) : undefined;
    const { statusCode, body } = await this.exchange(url.href, dispatcher, ask, authorization);
    const detail = detailOf(await body.text());
    if (statusCode >= 300) throw failureOfStatus(subject, statusCode, undefined, detail);
  }

  private async askForManifest(repository: string, reference: string, method: 'GET' | 'HEAD') {
    const subject = `${this.host}/${repository}: ${reference}`;
    const path = `/v2/${repository}/manifests/${reference}`;
    const headers = { accept: MANIFEST_TYPES.join(', ') };
    const answer = await this.ask(repository, path, { method, headers });
    if (answer.status === 404) return undefined;
    if (answer.status >= 300)
      throw failureOfStatus(subject, answer.status, undefined, answer.detail);
    return answer;
  }

  /** Any answer that a retry would not change, a refusal too. */
  private ask(repository: string, path: string, ask: Ask): Promise<Answer> {
    const { retry } = this.options;
    return retrying(async () => {
      const { origin, dispatcher } = await this.connect();
      const send = () =>
        this.send(`${origin}${path}`, dispatcher, ask, this.authorizations.get(repository));
      const first = await send();
      if (first.status !== 401) return first;
      const authorization = await this.authorizationFor(first, dispatcher, ask);
      if (authorization === undefined) return first;
      this.authorizations.set(repository, authorization);
      return send();
    }, retry);
  }

  private authorizationFor({ headers }: Answer, dispatcher: Dispatcher, { method }: Ask) {
    const challenge = parseChallenge(headers['www-authenticate']);
    if (!challenge) return undefined;
    const send = (url: string, ask: Ask, authorization?: string) =>
      this.send(url, dispatcher, ask, authorization);
    return authorize(challenge, this.options.credentials, {
      send,
      writes: method !== 'GET' && method !== 'HEAD',
    });
  }

  private async send(
    url: string,
    dispatcher: Dispatcher,
    ask: Ask,
    authorization: string | undefined,
  ): Promise<Answer> {
    const subject = this.host;
    const {
      statusCode: status,
      headers,
      body,
    } = await this.exchange(url, dispatcher, ask, authorization);
    const text = await body.text().catch((error: unknown) => {
      throw failureOfConnection(subject, error);
    });
    const detail = detailOf(text);
    if (status === 429 || status === 408 || status >= 500)
      throw failureOfStatus(subject, status, header(headers, 'retry-after'), detail);
    return { status, headers, text, detail };
  }

  private exchange(
    url: string,
    dispatcher: Dispatcher,
    { headers, ...rest }: Omit<Ask, 'body'> & { body?: string | Readable },
    authorization: string | undefined,
  ): Promise<Dispatcher.ResponseData> {
    return request(url, {
      ...rest,
      dispatcher,
      headers: { ...headers, ...(authorization ? { authorization } : {}) },
    }).catch((error: unknown) => {
      throw failureOfConnection(this.host, error);
    });
  }

  private connect(): Promise<Connection> {
    const { bundle } = this.options;
    this.connection ??= connectTo(this.host, bundle).catch((error: unknown) => {
      this.connection = undefined;
      throw error;
    });
    return this.connection;
  }
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The registry's own words of an error; empty where it has none. */
  detail: string;
}

export type Send = (url: string, ask: Ask, authorization?: string) => Promise<Answer>;

function header(headers: Answer['headers'], name: string): string | undefined {
  return [headers[name]].flat()[0];
}

/** `</v2/…?last=…>; rel="next"`, relative to the registry or with its address. */
function nextPage(link: string | undefined): string | undefined {
  const target = /^<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, 'http://registry.invalid');
  return `${pathname}${search}`;
}

/** A connection that breaks off in the middle is told as one that was never made. */
async function* chunksOf(body: Readable, subject: string): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw failureOfConnection(subject, error);
  }
}

function detailOf(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    return errors.map(({ code, message }) => message ?? code ?? '').join('; ');
  } catch {
    return '';
  }
}
