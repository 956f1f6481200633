/**
 * What Kubeless's Node.js runtime did for each call, by its documents: the text of the function's file
 * was compiled once, and run in a new vm context with a copy of all globals for every request. Access
 * log, body parser and metrics are those it had.
 */
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const bodyParser = require('body-parser');
const express = require('express');
const morgan = require('morgan');
const prometheus = require('prom-client');

const handler = process.env.FUNC_HANDLER;
const file = '/app/function/function.js';
const timeoutMs = 180_000;
const script = new Script(readFileSync(file, 'utf8'), { filename: file });

const duration = new prometheus.Histogram({
  name: 'function_duration_seconds',
  help: 'Duration of user function in seconds',
  labelNames: ['method'],
});
const calls = new prometheus.Counter({
  name: 'function_calls_total',
  help: 'Number of calls to user function',
  labelNames: ['method'],
});

const app = express();
app.use(morgan('combined'));
app.use(bodyParser.json({ limit: '2mb' }));
app.use(bodyParser.raw({ type: 'application/octet-stream', limit: '2mb' }));
app.get('/healthz', (_request, response) => response.send('OK'));
app.all('*', (request, response) => {
  response.set('Access-Control-Allow-Origin', '*');
  const label = `function-${request.method}`;
  const end = duration.labels(label).startTimer();
  calls.labels(label).inc();
  const module = { exports: {} };
  // Node.js 24 no longer lists Buffer and process among the globals that a copy takes along.
  const sandbox = { ...globalThis, Buffer, process, require, module, exports: module.exports };
  script.runInNewContext(sandbox, { timeout: timeoutMs });
  Promise.resolve(module.exports[handler](eventOf(request), {}))
    .then((result) => {
      if (typeof result === 'string') response.end(result);
      else response.json(result);
      end();
    })
    .catch((error) => {
      console.error(error.stack);
      response.status(500).send('Internal Server Error');
    });
});

function eventOf(request) {
  return {
    'event-id': request.get('event-id'),
    'event-type': request.get('event-type'),
    'event-time': request.get('event-time'),
    'event-namespace': request.get('event-namespace'),
    data: request.body,
    extensions: { request },
  };
}

app.listen(8080);
