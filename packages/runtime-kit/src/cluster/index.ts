export { Cluster, type LiveConfigMap } from './cluster.js';
export { type ConnectOptions, connectCluster } from './connect.js';
