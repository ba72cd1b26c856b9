/**
 * Between a test and the driver, when the driver is to be the worker of a cluster: hands all messages on, both ways.
 */
import cluster from 'node:cluster';
import path from 'node:path';

cluster.schedulingPolicy = process.argv[2] === 'dealt' ? cluster.SCHED_RR : cluster.SCHED_NONE;
cluster.setupPrimary({ exec: path.join(import.meta.dirname, 'run-driver.ts'), args: process.argv.slice(3) });
const worker = cluster.fork();
worker.on('message', (message: object) => void process.send?.(message));
process.on('message', (message: object) => void worker.send(message));
// The worker ends with its primary.
process.on('disconnect', () => process.exit());
