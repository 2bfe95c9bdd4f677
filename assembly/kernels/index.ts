/** The kernel module: one memory, imported; the replayer is its only way in. */
export { arenaStart } from '../arena-start';
export { crewBytes, help, setCrew } from './crew';
export { replay } from './replay';
export { setWorkspace, workspaceBytes } from './workspace';
