/** Express as its guide shows it, with the body parsers that the scenarios need and nothing else. */
const { setTimeout: sleep } = require('node:timers/promises');
const express = require('express');

const app = express();
const limit = '2mb';

const scenarios = {
  hello: () => app.get('/', (_request, response) => response.send('hello world')),
  json: () =>
    app.post('/', express.json({ limit }), (request, response) => response.json(request.body)),
  large: () =>
    app.post('/', express.raw({ limit }), (request, response) =>
      response.send(String(request.body.length)),
    ),
  wait: () => app.get('/', async (_request, response) => response.send(await sleep(10, 'waited'))),
};

scenarios[process.env.SCENARIO]();
app.listen(8080);
