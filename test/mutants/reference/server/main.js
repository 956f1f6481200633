import cluster from 'node:cluster';

// The primary supervises and counts; workers load the function and serve.
if (cluster.isPrimary) await import('./primary.js');
else await import('./worker.js');
