import { describe, expect, test } from 'vitest';
import { describeFunction } from '../../src/functions/resource/describe.js';
import { checkName, splitHandler } from '../../src/functions/resource/names.js';
import { functionText, parseFunction } from '../../src/functions/resource/parse.js';
import { cpus, memoryBytes } from '../../src/functions/resource/quantity.js';
import { checkSchedule } from '../../src/functions/resource/schedule.js';

const HELLO = { name: 'hello', namespace: 'default' };
const WISHES = {
  handler: 'hello.handler',
  runtime: 'toy1.10',
  source: { function: 'code\n', 'function-content-type': 'text', checksum: 'sha256:00' },
};

describe('a Function', () => {
  test("is what Kubeless's command line sends", () => {
    expect(functionText(describeFunction(HELLO, WISHES), 'yaml')).toMatchInlineSnapshot(`
      "apiVersion: kubeless.io/v1beta1
      kind: Function
      metadata:
        labels:
          created-by: kubeless
          function: hello
        name: hello
        namespace: default
      spec:
        checksum: sha256:00
        deployment:
          spec:
            template:
              spec:
                containers:
                  - imagePullPolicy: Always
                    name: ""
                    resources: {}
        deps: ""
        function: |
          code
        function-content-type: text
        handler: hello.handler
        runtime: toy1.10
        service:
          ports:
            - name: http-function-port
              port: 8080
              protocol: TCP
              targetPort: 8080
          selector:
            created-by: kubeless
            function: hello
          type: ClusterIP
        timeout: "180"
      "
    `);
  });

  test('is YAML that a cluster reads as it was meant', () => {
    const resource = describeFunction(HELLO, { ...WISHES, env: { A: 'yes', B: '012' } });
    expect(functionText(resource, 'yaml')).toMatch(/value: "yes"[\s\S]*value: "012"/);
  });

  test('holds every wish', () => {
    const all = describeFunction(HELLO, {
      ...WISHES,
      deps: 'toys\n',
      timeout: '5',
      env: { A: 'b' },
      labels: { team: 'toys' },
      memory: '128Mi',
      cpu: '500m',
      port: 9090,
      servicePort: 9000,
      headless: true,
      runtimeImage: 'example/toy:1',
      imagePullPolicy: 'Never',
      secrets: ['token'],
      schedule: '*/10 * * * *',
    });
    expect(all).toMatchSnapshot();
    expect(parseFunction(JSON.parse(functionText(all, 'json')), 'it')).toEqual(all);
  });

  test('keeps what an update does not name', () => {
    const first = describeFunction(HELLO, {
      ...WISHES,
      memory: '128Mi',
      env: { A: 'b' },
      servicePort: 9000,
    });
    const updated = describeFunction(HELLO, { timeout: '5', labels: { team: 'toys' } }, first);
    expect(updated).toEqual({
      ...first,
      metadata: { ...first.metadata, labels: { ...first.metadata.labels, team: 'toys' } },
      spec: {
        ...first.spec,
        timeout: '5',
        service: {
          ...first.spec.service,
          selector: { ...first.metadata.labels, team: 'toys' },
        },
      },
    });
  });

  test('that is none is refused with every problem', () => {
    const document = {
      apiVersion: 'kubeless.io/v1beta1',
      kind: 'Function',
      metadata: {},
      spec: { handlre: 'x.y', timeout: [] },
    };
    expect(() => parseFunction(document, 'function.yaml')).toThrow(
      /function.yaml is no Function\n.*metadata.name: .*\n.*spec.timeout: .*\n.*spec.handlre: unknown key/s,
    );
  });
});

describe('values that mean nothing are refused', () => {
  test.each(['hello', 'a', 'a-1', '0'.repeat(63)])('but not the name %s', (name) => {
    expect(() => checkName(name)).not.toThrow();
  });

  test.each([
    ['Hello_World', 'take hello-world: '],
    ['-a', 'take a: '],
    ['0'.repeat(64), `take ${'0'.repeat(63)}: `],
    ['é', 'lower-case letters'],
    ['', 'lower-case letters'],
  ])('the name %j', (name, hint) => {
    expect(refusal(() => checkName(name))).toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining(hint),
    });
  });

  test.each(['hello', 'hello.', '.handler', 'a.b.c', 'a/b.c'])('the handler %s', (handler) => {
    expect(refusal(() => splitHandler(handler))).toMatchObject({
      message: `handler "${handler}" is not FILE.FUNCTION`,
    });
  });

  test('schedules, but not those of a cluster', () => {
    for (const schedule of ['*/10 * * * *', '0 9 * * MON-FRI', '@hourly'])
      expect(() => checkSchedule(schedule)).not.toThrow();
    for (const schedule of ['* * * *', '0 * * * * *', '61 * * * *', 'hourly', ''])
      expect(refusal(() => checkSchedule(schedule)).message, schedule).toContain(
        'is no schedule: ',
      );
  });

  test.each([
    ['128Mi', 2 ** 27],
    ['128M', 128e6],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['134217728', 2 ** 27],
  ])('the memory %s is %d bytes', (text, bytes) => {
    expect(memoryBytes(text)).toBe(bytes);
  });

  test.each([
    ['500m', 0.5],
    ['2', 2],
    ['.5', 0.5],
  ])('the cpu %s is %d', (text, value) => {
    expect(cpus(text)).toBe(value);
  });

  test('other quantities', () => {
    for (const text of ['128', '128MiB', 'much', '-1Gi', ''])
      expect(refusal(() => memoryBytes(text)).message, text).toContain(`memory "${text}" is`);
    for (const text of ['0', 'two', '1x'])
      expect(() => cpus(text), text).toThrow(`cpu "${text}" is`);
  });
});

function refusal(work: () => void): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('was not refused');
}
